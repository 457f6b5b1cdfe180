"""What mail servers, holiday answers and strangers send to the mailbox for bounces (M13)."""

import base64

import pytest

from outbox.dsn import LARGEST_READ, read
from outbox.simulated import report

TO = "bounces+1.abc@i2a.example.org"
POSTFIX = f"""Return-Path: <>
From: MAILER-DAEMON@mx.example.org
To: {TO}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

<tariq@exmaple.test>: host not found
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
X-Postfix-Queue-ID: 4F1A

Final-Recipient: rfc822; tariq@exmaple.test
Original-Recipient: rfc822;tariq@exmaple.test
Action: failed
Status: 5.4.4
Remote-MTA: dns; exmaple.test
Diagnostic-Code: smtp; 550 5.1.1 unknown

--b
Content-Type: message/rfc822

From: info@i2a.example.org
Content-Type: message/delivery-status

Action: failed
Status: 5.7.1
--b--
"""


def read_text(text: str):
    return read(text.replace("\n", "\r\n").encode())


def test_the_report_of_a_mail_server_is_understood():
    found = read_text(POSTFIX)

    assert (found.addressed_to, found.status, found.is_hard) == ((TO,), "5.4.4", True)


@pytest.mark.parametrize(
    ("status", "is_hard"), [("5.1.1", True), ("5.7.1", True), ("5.0.0", True), ("4.2.2", False), ("4.4.7", False)]
)
def test_class_five_is_for_good_and_class_four_for_now(status, is_hard):
    found = read(report(returned_to=TO, receiver="x@example.org", status=status))

    assert (found.is_bounce, found.is_hard, found.status) == (True, is_hard, status)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", "", "FAILING"])
def test_only_a_failure_is_a_bounce(action):
    assert not read(report(returned_to=TO, receiver="x@example.org", status="5.1.1", action=action)).is_bounce


def test_case_does_not_matter():
    assert read(report(returned_to=TO, receiver="x@example.org", status="5.1.1", action="FAILED")).is_bounce


def test_one_of_several_receivers_behind_an_address_is_enough():
    text = POSTFIX.replace("\n--b\nContent-Type: message/rfc822", "\nAction: delivered\nStatus: 2.0.0\n\n--b\nX: y", 1)

    assert not read_text(text).is_bounce


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Status: 5.4.4\n", "5.1.1"),  # without it the diagnostic code speaks
        ("Status: 5.4.4\nRemote-MTA: dns; exmaple.test\nDiagnostic-Code: smtp; 550 5.1.1 unknown\n", "5.0.0"),
    ],
)
def test_without_a_status_the_rest_of_the_report_decides(said, status):
    assert read_text(POSTFIX.replace(said, "")).status == status


def test_a_bare_reply_code_is_a_status_too():
    text = POSTFIX.replace("Status: 5.4.4\n", "Status: later\n").replace("550 5.1.1 unknown", "452 mailbox full")

    assert read_text(text).status == "4.0.0"


def test_a_report_wrapped_by_a_list_server_is_found():
    body = POSTFIX.partition("Content-Type: multipart/report")[2]
    head = f"To: {TO}\nContent-Type: multipart/mixed; boundary=outer\n\n--outer\nContent-Type: multipart/report"

    assert read_text(f"{head}{body}\n--outer--\n").status == "5.4.4"


def test_a_status_that_a_server_has_encoded_is_read():
    status = base64.b64encode(b"Reporting-MTA: dns; x\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n").decode()
    text = (
        f"To: {TO}\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n"
        f"Content-Transfer-Encoding: base64\n\n{status}\n--b--\n"
    )

    assert read_text(text).status == "5.1.1"


@pytest.mark.parametrize(
    "answer",
    [
        "Auto-Submitted: auto-replied\nSubject: Out of office\n\nI am away. Action: failed Status: 5.1.1",
        "X-Autoreply: yes\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nAway\n--b--\n",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n"
        "Content-Type: message/disposition-notification\n\nDisposition: manual-action; displayed\n--b--\n",
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n"
        "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n--b--\n",
        "Subject: Re: The information you asked for\n\nThank you!",
    ],
)
def test_holiday_answers_receipts_complaints_and_people_are_no_bounces(answer):
    found = read_text(f"To: {TO}\n{answer}")

    assert (found.addressed_to, found.is_bounce) == ((TO,), False)


def test_what_is_attached_to_a_mail_is_not_its_own_report():
    head = f"To: {TO}\nContent-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: message/rfc822\n\n"

    assert not read_text(f"{head}{POSTFIX}\n--o--\n").is_bounce


def test_a_report_of_two_megabytes_is_read_from_its_beginning():
    original = "x" * 2_000_000

    assert read(report(returned_to=TO, receiver="x@example.org", status="5.1.1", original=original)).is_hard
    assert LARGEST_READ < 2_000_000


DEEP = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(500))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00",
        b"\xff\xfe" * 1000,
        b"To: =?x-unknown?q?=FF?= <a@b>\r\n\r\n",
        b"Content-Type: multipart/report; boundary=\xff\r\n\r\n--\xff\r\n",
        b"Content-Type: message/delivery-status; charset=nonsense\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: uuencode\r\n\r\nbegin 644 x\r\n!!!!",
        b"Content-Type: multipart/report\r\n\r\nno boundary",
        b"Content-Type: message/delivery-status\r\n\r\nAction\r\n : failed",
        DEEP.encode(),
        POSTFIX.encode()[:500],
        POSTFIX.replace("us-ascii", "iso-2022-jp").encode("utf-16"),
    ],
)
def test_no_malformed_mail_raises(raw):
    assert read(raw).status == ""
