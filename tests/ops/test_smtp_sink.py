import signal
import smtplib  # noqa: TID251 - the sink is a mail server: this is its client
import stat
import subprocess
import sys

import pytest

from ops.launch import any_free_port
from tests.ops.conftest import wait_until


@pytest.fixture
def mail(tmp_path):
    return tmp_path / "mail"


@pytest.fixture
def client(mail):
    port = any_free_port()
    command = [sys.executable, "-m", "ops.smtp_sink", "--port", str(port), "--directory", str(mail)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sink:
        assert f"mail sink on 127.0.0.1:{port}" in sink.stdout.readline()
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as connection:
            yield connection
        sink.send_signal(signal.SIGTERM)
        assert sink.wait(10) == 0


MESSAGE = (
    b"Subject: Your requested information\r\nMessage-ID: <1@i2a>\r\n\r\n.A line that begins with a dot\r\nBonjour\r\n"
)


def test_an_accepted_message_becomes_one_private_file_with_its_envelope(client, mail):
    client.sendmail("bounces+1@i2a.example.org", ["ana@example.org", "li@example.net"], MESSAGE)

    (kept,) = mail.iterdir()
    assert kept.suffix == ".eml"
    assert kept.read_bytes() == (
        b"X-Envelope-From: bounces+1@i2a.example.org\r\nX-Envelope-To: ana@example.org, li@example.net\r\n" + MESSAGE
    )
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(mail.stat().st_mode) == 0o700


def test_names_sort_by_arrival(client, mail):
    for number in range(3):
        client.sendmail("a@example.org", [f"to{number}@example.org"], MESSAGE)

    order = [path.read_text().splitlines()[1] for path in sorted(mail.iterdir())]
    assert order == [f"X-Envelope-To: to{number}@example.org" for number in range(3)]


def test_an_empty_sender_and_an_address_of_another_script(client, mail):
    client.ehlo()
    client.mail("", ["SMTPUTF8"])
    client.rcpt("ünï@example.org")
    assert client.data(MESSAGE)[0] == 250

    (kept,) = mail.iterdir()
    assert kept.read_bytes().startswith("X-Envelope-From: <>\r\nX-Envelope-To: ünï@example.org\r\n".encode())


@pytest.mark.parametrize(("address", "code"), [("perm550-x@example.org", 550), ("Temp451-x@example.org", 451)])
def test_addresses_that_ask_to_be_refused(client, mail, address, code):
    client.ehlo()
    client.mail("a@example.org")

    assert client.rcpt(address)[0] == code
    assert list(mail.iterdir()) == []


def test_the_others_of_a_refused_recipient_get_their_message(client, mail):
    refused = client.sendmail("a@example.org", ["perm550-x@example.org", "ana@example.org"], MESSAGE)

    assert list(refused) == ["perm550-x@example.org"]
    wait_until(lambda: len(list(mail.iterdir())) == 1)


def test_a_directory_that_cannot_be_written_is_a_refusal_for_now(client, mail):
    mail.rmdir()

    with pytest.raises(smtplib.SMTPDataError) as refusal:
        client.sendmail("a@example.org", ["ana@example.org"], MESSAGE)

    assert refusal.value.smtp_code == 452
