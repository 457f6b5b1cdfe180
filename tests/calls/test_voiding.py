import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from calls.choices import CallStatus
from calls.models import Call
from calls.services import records as services
from followups.models import FollowUp
from tests.calls.records import NOW, TOO_LONG, entries, page
from tests.factories import CallFactory

pytestmark = pytest.mark.django_db


def void(client, call, reason="Logged twice."):
    return client.post(reverse("calls:void", args=[call.uid]), {"reason": reason})


def test_voiding_keeps_the_call_and_says_who_and_why(client, priya):
    call = CallFactory()

    assert void(client, call).status_code == 302

    call.refresh_from_db()
    assert (call.status, call.void_reason, call.voided_by, call.version) == ("voided", "Logged twice.", priya, 2)
    assert not Call.objects.active().filter(pk=call.pk).exists()
    html = page(client, "detail", call)
    assert "Voided: Logged twice." in html


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("", "A reason is required to void a call."),
        ("  \u200b ", "A reason is required to void a call."),
        (TOO_LONG, "Shorten this to 200 characters"),
        ("a\x00b", "This contains characters that are not allowed."),
    ],
)
def test_voiding_needs_a_reason_in_words(client, priya, reason, message):
    call = CallFactory()

    response = void(client, call, reason)

    assert message in response.content.decode()
    call.refresh_from_db()
    assert call.status == CallStatus.ACTIVE


def test_voiding_needs_a_reason_in_the_database_too(specialist):
    call = CallFactory(specialist=specialist)

    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(status="voided")


def test_voiding_ends_what_the_call_promised(client, priya, full_call):
    void(client, full_call)

    full_call.refresh_from_db()
    full_call.follow_up.refresh_from_db()
    full_call.message.refresh_from_db()
    assert (full_call.follow_up.status, full_call.follow_up.cancel_reason) == (
        "cancelled",
        f"Call {full_call.ref} was voided",
    )
    assert full_call.message.state == "cancelled"


def test_what_is_done_or_sent_stays_when_a_call_is_voided(client, priya, full_call):
    from outbox.services import cancel_queued

    cancel_queued(message=full_call.message, reason="Not wanted", now=NOW)
    FollowUp.objects.filter(pk=full_call.follow_up_id).update(
        status="done", method="phone", outcome="Explained", completed_at=NOW, completed_by=priya
    )

    assert void(client, full_call).status_code == 302

    full_call.follow_up.refresh_from_db()
    assert full_call.follow_up.status == "done"


@pytest.mark.parametrize("name", ["correct", "void", "add_follow_up"])
def test_a_voided_call_is_not_changed_any_more(client, priya, name):
    call = CallFactory(voided=True)
    data = entries(call, category="investor", reason="Again")

    response = client.post(reverse(f"calls:{name}", args=[call.uid]), data, follow=True)

    assert "A voided call stays as it is." in response.content.decode()
    call.refresh_from_db()
    assert (call.version, call.void_reason) == (1, "Logged twice.")


def test_voiding_twice_is_refused_by_the_service(specialist):
    with pytest.raises(services.CallIsVoided):
        services.void_call(call=CallFactory(voided=True), reason="Again", by=specialist, now=NOW)
