"""What a saved call promised, and that it may promise once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from calls.models import Call, CallTopic, Topic
from calls.services import records as services
from followups.models import FollowUp
from tests.calls.records import NOW, correct, page
from tests.factories import CallFactory, ContactFactory, FollowUpFactory

pytestmark = pytest.mark.django_db


def test_a_follow_up_that_was_forgotten_is_due_from_the_call(client, maya, tomas):
    call = CallFactory(specialist=tomas, contact=ContactFactory())

    correct(client, call, follow_up_decision="needed", asked="Which stream fits")

    call.refresh_from_db()
    follow_up = call.follow_up
    assert (follow_up.received_at, follow_up.assigned_to, follow_up.asked) == (
        call.started_at,
        tomas,
        "Which stream fits",
    )
    assert follow_up.due_at == call.started_at + timedelta(days=1)
    expected = "Follow-up: No follow-up action is to be taken → Follow-up needed"
    assert expected in page(client, "detail", call)


def test_a_follow_up_that_is_not_owed_is_cancelled_with_the_reason(client, maya):
    call = CallFactory(specialist=maya, contact=ContactFactory(), owes_answer=True)
    follow_up = call.follow_up

    correct(client, call, follow_up_decision="none", cancel_reason="Answered on the call")

    call.refresh_from_db()
    follow_up.refresh_from_db()
    assert (call.follow_up_decision, call.follow_up) == ("none", None)
    assert (follow_up.status, follow_up.cancel_reason) == ("cancelled", "Answered on the call")
    assert follow_up.cancelled_by == maya


def test_cancelling_the_follow_up_needs_a_reason(client, maya):
    call = CallFactory(specialist=maya, contact=ContactFactory(), owes_answer=True)

    response = correct(client, call, follow_up_decision="none")

    assert "Say why the follow-up is cancelled." in response.content.decode()


def test_a_follow_up_that_is_done_stays(client, maya):
    follow_up = FollowUpFactory(done=True, assigned_to=maya)
    call = CallFactory(specialist=maya, follow_up_decision="needed", follow_up=follow_up)

    response = correct(client, call, follow_up_decision="none", cancel_reason="Mistake")

    assert "This follow-up is done: the client was answered. The call keeps it." in response.content.decode()
    call.refresh_from_db()
    assert call.follow_up == follow_up


def test_the_service_refuses_a_follow_up_that_was_done_meanwhile(specialist):
    follow_up = FollowUpFactory(done=True, assigned_to=specialist)
    call = CallFactory(specialist=specialist, follow_up_decision="needed", follow_up=follow_up)

    with pytest.raises(services.FollowUpIsDone):
        services.correct_call(
            call=call,
            seen_version=1,
            facts={},
            topics=[CallTopic(topic=Topic.objects.get(name="Work permits"))],
            services=["answered"],
            follow_up_decision="none",
            asked="",
            cancel_reason="Mistake",
            note="",
            by=specialist,
            now=NOW,
        )


def test_a_cancelled_follow_up_is_let_go_without_another_reason(client, maya):
    follow_up = FollowUpFactory(cancelled=True, assigned_to=maya)
    call = CallFactory(specialist=maya, follow_up_decision="needed", follow_up=follow_up)

    correct(client, call, follow_up_decision="none")

    call.refresh_from_db()
    assert call.follow_up is None


@pytest.mark.parametrize("decision", ["none", "needed"])
def test_decision_and_follow_up_agree_in_the_database_too(specialist, decision):
    """INV-15."""
    call = CallFactory(specialist=specialist, owes_answer=decision == "none")

    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(follow_up_decision=decision)


NO_FOLLOW_UP = "This call is marked &#x27;No follow-up action is to be taken&#x27;. Change the call first."


def test_a_call_marked_none_gets_no_follow_up(client, maya):
    call = CallFactory(specialist=maya)

    response = client.post(reverse("calls:add_follow_up", args=[call.uid]))

    assert response.status_code == 409
    html = response.content.decode()
    assert NO_FOLLOW_UP in html
    assert reverse("calls:correct", args=[call.uid]) in html
    assert not FollowUp.objects.exists()


def test_a_call_has_one_follow_up_at_most(client, maya):
    call = CallFactory(specialist=maya, owes_answer=True)

    response = client.post(reverse("calls:add_follow_up", args=[call.uid]))

    assert "This call has a follow-up already." in response.content.decode()
    assert FollowUp.objects.count() == 1


def test_get_adds_no_follow_up(client, maya):
    assert client.get(reverse("calls:add_follow_up", args=[CallFactory(specialist=maya).uid])).status_code == 405
