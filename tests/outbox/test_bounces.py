"""Mail that came back: what it does to its message and its address, and by which ways it is learned (R-INF-02, M13)."""

import hashlib
import hmac
import io
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.urls import reverse

from audit.models import AccessEvent
from contacts import gate
from contacts.choices import Channel, EmailState, Purpose
from contacts.models import Contact
from i2a import clock
from outbox import bounces, mailbox
from outbox.bounces import Result
from outbox.models import Message
from outbox.return_path import return_path
from outbox.simulated import report
from tests.factories import ContactFactory, MessageFactory
from tests.outbox.imap_double import ImapDouble
from tests.outbox.steps import promotion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bounce_address(settings):
    settings.I2A_BOUNCE_ADDRESS = "bounces@i2a.example.org"


@pytest.fixture
def sent() -> Message:
    return MessageFactory(state="sent", sent_at=clock.now())


def report_on(message: Message, status: str = "5.1.1", **more) -> bytes:
    return report(returned_to=return_path(message.pk), receiver=message.to_email, status=status, **more)


def receive(raw: bytes, **more) -> Result:
    return bounces.receive(raw, now=clock.now(), **more)


def fresh(message: Message) -> Message:
    return Message.objects.select_related("contact").get(pk=message.pk)


# What it does


def test_a_hard_bounce_ends_the_message_and_marks_the_address(sent):
    assert receive(report_on(sent)) is Result.BOUNCED

    message = fresh(sent)
    assert (message.state, message.reason, message.smtp_code) == ("bounced", "came back", "5.1.1")
    assert message.contact.email_state == EmailState.NOT_WORKING
    assert message.events.get(state="bounced").detail == "5.1.1"


def test_nothing_promotional_goes_to_such_an_address():
    message = promotion(state="sent", sent_at=clock.now())

    receive(report_on(message))

    found = gate.verdict(fresh(message).contact, Purpose.SEMINAR, Channel.EMAIL)
    assert found.reason == gate.Reason.ADDRESS_NOT_WORKING


def test_the_audit_says_which_mail_came_back_and_nothing_personal(sent):
    receive(report_on(sent))

    event = AccessEvent.objects.get(kind="email_bounced")
    assert event.object_uid == sent.uid
    assert event.detail == {"kind": "information", "for": sent.purpose_key, "status": "5.1.1"}


def test_a_bounce_of_a_mail_that_perhaps_left_settles_it():
    message = MessageFactory(state="ambiguous")

    assert receive(report_on(message)) is Result.BOUNCED
    assert fresh(message).state == "bounced"


def test_an_address_corrected_meanwhile_is_not_marked(sent):
    Contact.objects.filter(pk=sent.contact_id).update(email="corrected@example.org")

    receive(report_on(sent))

    assert fresh(sent).state == "bounced"
    assert fresh(sent).contact.email_state == EmailState.OK


def test_a_second_report_on_the_same_mail_changes_nothing(sent):
    receive(report_on(sent))

    assert receive(report_on(sent)) is Result.KNOWN
    assert sent.events.filter(state="bounced").count() == 1


def test_a_soft_bounce_is_tried_three_times_in_a_day_and_then_counts(sent):
    results, pauses = [], []
    for _try in range(3):
        results.append(receive(report_on(sent, "4.2.2")))
        message = fresh(sent)
        pauses.append(message.not_before - clock.now())
        for state in ["claimed", "sending", "sent"] if message.state == "queued" else []:
            lease = {"claim_token": message.uid, "lease_until": clock.now(), "sent_at": clock.now()}
            Message.objects.filter(pk=sent.pk).update(state=state, **lease)

    assert results == [Result.AGAIN, Result.AGAIN, Result.BOUNCED]
    assert sum(pauses[:2], timedelta()) < timedelta(hours=24)
    assert fresh(sent).contact.email_state == EmailState.NOT_WORKING


def test_an_invitation_that_came_back_for_now_is_not_repeated_and_the_address_stays():
    message = promotion(state="sent", sent_at=clock.now())

    assert receive(report_on(message, "4.2.2")) is Result.BOUNCED
    assert fresh(message).reason == "came back for now"
    assert fresh(message).contact.email_state == EmailState.OK


def test_a_mail_that_is_just_being_sent_is_asked_about_later():
    message = MessageFactory(
        state="sending", claim_token="00000000-0000-4000-8000-000000000001", lease_until=clock.now()
    )

    with pytest.raises(bounces.NotYet):
        receive(report_on(message))


# What is not believed


def test_a_report_to_an_address_that_we_did_not_make_is_not_believed(sent):
    forged = [
        f"bounces+{sent.pk}@i2a.example.org",
        f"bounces+{sent.pk}.{'0' * 24}@i2a.example.org",
        return_path(sent.pk + 1).replace(f"+{sent.pk + 1}.", f"+{sent.pk}."),
        "info@i2a.example.org",
        "",
    ]

    results = {receive(report(returned_to=to, receiver=sent.to_email, status="5.1.1")) for to in forged}

    assert results == {Result.NOT_OURS}
    assert fresh(sent).state == "sent"


def test_a_report_on_a_row_that_is_gone_is_not_ours():
    raw = report(returned_to=return_path(10**12), receiver="x@example.org", status="5.1.1")

    assert receive(raw) is Result.NOT_OURS


@pytest.mark.parametrize("action", ["delayed", "delivered"])
def test_a_delay_is_no_bounce(sent, action):
    assert receive(report_on(sent, action=action)) is Result.NOT_A_BOUNCE
    assert fresh(sent).state == "sent"


def test_a_holiday_answer_is_no_bounce(sent):
    answer = f"To: {return_path(sent.pk)}\r\nAuto-Submitted: auto-replied\r\n\r\nI am away until Monday."

    assert receive(answer.encode()) is Result.NOT_A_BOUNCE
    assert fresh(sent).contact.email_state == EmailState.OK


def test_the_envelope_may_say_where_it_was_sent(sent):
    raw = report(returned_to="undisclosed", receiver=sent.to_email, status="5.1.1")

    assert receive(raw, envelope_to=return_path(sent.pk)) is Result.BOUNCED


# The pipe


def piped(monkeypatch, raw: bytes, *arguments: str) -> str:
    said = io.StringIO()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    call_command("receive_bounce", *arguments, stdout=said)
    return said.getvalue()


def test_a_relay_can_pipe_it_in(monkeypatch, sent):
    assert piped(monkeypatch, report_on(sent)) == "bounced\n"

    assert AccessEvent.objects.get(kind="email_bounced").actor_label == "system:bounces"


def test_a_pipe_can_say_where_it_was_sent(monkeypatch, sent):
    raw = report(returned_to="undisclosed", receiver=sent.to_email, status="5.1.1")

    assert piped(monkeypatch, raw, "--to", return_path(sent.pk)) == "bounced\n"


@pytest.mark.parametrize("trouble", [bounces.NotYet, OperationalError])
def test_the_relay_keeps_what_cannot_be_taken_in_now(monkeypatch, sent, trouble):
    def fail(*args, **options):
        raise trouble

    monkeypatch.setattr(bounces, "receive", fail)

    with pytest.raises(SystemExit, match="75"):
        piped(monkeypatch, b"")


# The signed entrance


def post(client, body: bytes, *, secret: str = "shared", at: float | None = None, **headers):
    signed_at = str(int(time.time() if at is None else at))
    signature = hmac.new(secret.encode(), signed_at.encode() + b"." + body, hashlib.sha256).hexdigest()
    signed = {"X-I2A-Timestamp": signed_at, "X-I2A-Signature": signature} | headers
    return client.post(reverse("outbox:returned"), body, content_type="message/rfc822", headers=signed)


@pytest.fixture
def shared(settings):
    settings.I2A_BOUNCE_SECRET = "shared"


def test_a_relay_can_post_it_signed(client, shared, sent):
    answer = post(client, report_on(sent))

    assert (answer.status_code, answer.cookies) == (204, {})
    assert fresh(sent).state == "bounced"


def test_two_megabytes_can_be_posted(client, shared, sent):
    assert post(client, report_on(sent, original="x" * 2_500_000)).status_code == 204
    assert fresh(sent).state == "bounced"


def test_more_than_any_report_is_refused(client, shared, sent, monkeypatch):
    monkeypatch.setattr("outbox.returned.LARGEST_TAKEN", 100)

    assert post(client, report_on(sent)).status_code == 413


@pytest.mark.parametrize(
    "fault",
    [
        {"secret": "other"},
        {"at": 0},
        {"at": time.time() + 3600},
        {"X-I2A-Signature": ""},
        {"X-I2A-Signature": "é"},
        {"X-I2A-Timestamp": ""},
        {"X-I2A-Timestamp": "9" * 50},
        {"X-I2A-Timestamp": "-1"},
    ],
)
def test_what_is_not_signed_now_by_the_relay_is_refused(client, shared, sent, fault):
    assert post(client, report_on(sent), **fault).status_code == 403
    assert fresh(sent).state == "sent"


def test_without_a_secret_there_is_no_entrance(client, settings, sent):
    settings.I2A_BOUNCE_SECRET = ""

    assert post(client, report_on(sent), secret="").status_code == 404


def test_the_relay_is_told_to_come_back(client, shared):
    message = MessageFactory(
        state="sending", claim_token="00000000-0000-4000-8000-000000000001", lease_until=clock.now()
    )

    answer = post(client, report_on(message))

    assert (answer.status_code, answer["Retry-After"]) == (503, "120")


# The mailbox


@pytest.fixture
def imap(settings):
    double = ImapDouble()
    settings.I2A_BOUNCE_MAILBOX = double.url
    yield double
    double.stop()


def test_the_mailbox_is_read_and_what_was_understood_is_deleted(imap, sent):
    imap.mailbox.put(report_on(sent))
    imap.mailbox.put(report_on(sent))

    assert dict(mailbox.read_mailbox()) == {Result.BOUNCED: 1, Result.KNOWN: 1}
    assert imap.mailbox.mails == {}


def test_what_a_person_should_see_stays_as_read(imap, sent):
    answer = imap.mailbox.put(f"To: {return_path(sent.pk)}\r\n\r\nThank you!".encode())
    forged = imap.mailbox.put(report(returned_to="x@example.org", receiver="y@example.org", status="5.1.1"))

    mailbox.read_mailbox()

    assert imap.mailbox.flags == {answer: {"\\Seen"}, forged: {"\\Seen"}}
    assert not mailbox.read_mailbox()


def test_what_cannot_be_taken_in_yet_stays_new(imap):
    message = MessageFactory(
        state="sending", claim_token="00000000-0000-4000-8000-000000000001", lease_until=clock.now()
    )
    uid = imap.mailbox.put(report_on(message))

    mailbox.read_mailbox()

    assert imap.mailbox.flags == {uid: set()}


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (lambda double: setattr(double.mailbox, "password", "other"), "sign-in refused"),
        (lambda double: double.stop(), "unreachable"),
        (lambda double: setattr(double.mailbox, "drops_at", "SEARCH"), "unreachable"),
        (lambda double: setattr(double.mailbox, "drops_at", "LOGIN"), "unreachable"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_known_to_machines_until_it_can(imap, client, break_it, code):
    mailbox.look()
    assert client.get(reverse("healthz")).json()["bounces"] == "ok"

    break_it(imap)
    mailbox.look()

    assert client.get(reverse("healthz")).json()["bounces"] == code


def test_a_folder_that_is_not_there_is_a_trouble_too(imap, settings, client):
    settings.I2A_BOUNCE_MAILBOX = imap.url.replace("INBOX", "Elsewhere")

    mailbox.look()

    assert client.get(reverse("healthz")).json()["bounces"] == "unreachable"


def test_without_a_mailbox_nothing_is_read(client, settings):
    settings.I2A_BOUNCE_MAILBOX = ""

    mailbox.look()

    assert client.get(reverse("healthz")).json()["bounces"] == "off"


def test_a_mailbox_that_nobody_looks_into_is_known(client, settings):
    settings.I2A_BOUNCE_MAILBOX = "imap://x:y@127.0.0.1:1/INBOX"

    assert client.get(reverse("healthz")).json()["bounces"] == "not read"


# How many


def test_two_hundred_reports_find_their_rows_and_fifty_forgeries_none():
    contact = ContactFactory()
    messages = [MessageFactory(contact=contact, state="sent", sent_at=clock.now()) for _number in range(200)]
    statuses = ["5.1.1", "4.2.2", "5.7.1", "5.0.0"]

    results = [receive(report_on(message, statuses[at % 4])) for at, message in enumerate(messages)]
    forged = [
        receive(report(returned_to=f"bounces+{message.pk}@i2a.example.org", receiver="x@example.org", status="5.1.1"))
        for message in messages[:50]
    ]

    assert (results.count(Result.BOUNCED), results.count(Result.AGAIN)) == (150, 50)
    assert set(forged) == {Result.NOT_OURS}
