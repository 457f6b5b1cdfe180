"""From the list to invitations, once; the reminder; pausing, closing, cancelling (R-SRV-02, R-CNS-05, M15)."""

from datetime import timedelta

import pytest

from access.models import AccessGrant
from audit.models import AccessEvent, LogEntry
from contacts.services.merging import merge_contacts
from contacts.timeline import page_of
from i2a import clock
from outbox import last_check
from outbox.models import Message, SendingState
from surveys.ballots.answering import cast, ticket_of
from surveys.ballots.tokens import token_of
from surveys.editing.refusals import StaleSurvey
from surveys.inviting import switching
from surveys.inviting.schedule import closes_at, reminds_at
from surveys.models import Invitation, Survey
from tests.factories import InvitationFactory, UserFactory
from tests.surveys.steps import (
    approved,
    asked,
    caller,
    draft,
    its_time,
    messages_of,
    no_more_surveys,
    released,
    reminders_of,
    tick,
)

pytestmark = pytest.mark.django_db


def delivered(survey: Survey) -> Survey:
    """A sender has had its turn."""
    token = "00000000-0000-4000-8000-000000000001"
    messages_of(survey).update(state="claimed", claim_token=token, lease_until=clock.now())
    messages_of(survey).update(state="sending")
    messages_of(survey).update(state="sent", sent_at=survey.released_at)
    return survey


def test_nothing_leaves_before_its_time_and_everything_once_after_it():
    people = [caller(), caller()]
    survey = approved()
    due = its_time(survey)

    tick(due - timedelta(minutes=1))
    assert not messages_of(survey).exists()
    tick(due)
    tick(due + timedelta(minutes=1))

    survey.refresh_from_db()
    assert (survey.state, survey.released_at) == ("open", due)
    assert set(messages_of(survey).values_list("contact", flat=True)) == {one.pk for one in people}
    day = due.astimezone(clock.EDMONTON).date()
    assert {(one.contact_id, one.message.contact_id, one.invited_on) for one in survey.invitations.all()} == {
        (one.pk, one.pk, day) for one in people
    }
    assert all(ticket_of(token_of(one)) for one in survey.invitations.all())
    entry = LogEntry.objects.get_for_object(survey).latest("pk")
    assert (entry.actor_label, entry.changes["state"]) == ("system:survey", ["approved", "open"])


def test_a_survey_that_nobody_approved_never_leaves():
    caller()
    survey = asked()

    tick(its_time(survey) + timedelta(days=1))

    assert not Message.objects.exists()


def test_who_was_told_not_possible_is_never_invited_and_who_withdrew_since_gets_nothing():
    """Story 15."""
    caller("not_possible", call={"survey_notice_reason": "The line was bad."})
    gone, stays = caller(), caller()
    survey = approved()
    no_more_surveys(gone)
    caller()  # too late for this one

    survey = released(survey)

    assert [message.contact for message in messages_of(survey)] == [stays]
    left = survey.invitations.get(contact=gone)
    assert (left.reason, left.invited_on, left.message) == ("consent withdrawn", None, None)
    event = AccessEvent.objects.get(kind="email_withheld")
    assert (event.object_uid, event.actor_label) == (gone.uid, "system:survey")
    assert event.detail == {"kind": "survey", "for": survey.mailing, "reason": "consent withdrawn"}


def test_two_surveys_that_open_at_the_same_time_ask_nobody_twice():
    contact = caller()
    first, second = approved(), approved()

    tick(its_time(first))

    assert Message.objects.filter(contact=contact).count() == 1
    assert list(Invitation.objects.exclude(reason="").values_list("survey", "reason")) == [
        (second.pk, "invited within 6 months")
    ]


def test_who_is_asked_by_phone_before_it_opens_gets_no_mail():
    contact, _other = caller(), caller()
    survey = approved()
    InvitationFactory(contact=contact, by_phone=True, invited_on=clock.today().replace(day=1))

    survey = released(survey)

    assert survey.invitations.get(contact=contact).reason == "invited within 6 months"
    assert messages_of(survey).count() == 1


def test_when_the_approver_lost_the_right_somebody_else_is_asked():
    caller()
    survey = approved()
    AccessGrant.objects.filter(user=survey.approved_by).delete()

    survey = released(survey)

    assert (survey.state, survey.approved_by) == ("asked", None)


def test_french_words_go_to_who_reads_french():
    caller()
    caller(language="fr")

    survey = released()

    assert set(messages_of(survey).values_list("content__language", flat=True)) == {"en", "fr"}


def test_the_reminder_goes_once_and_only_to_whom_the_link_was_not_used():
    silent, gone, never_got_it, *others = (caller() for _one in range(8))
    survey = delivered(released(remind_after=5))
    messages_of(survey).filter(contact=never_got_it).update(state="bounced")
    for answered in others:
        answer(survey, answered)
    no_more_surveys(gone)
    due = reminds_at(survey, survey.released_at)

    tick(due - timedelta(minutes=1))
    assert not reminders_of(survey).exists()
    tick(due)
    tick(due + timedelta(days=1))

    (reminder,) = reminders_of(survey)
    assert reminder.contact == silent
    assert reminder.content.subject == "Reminder: How was your call to us?"
    assert survey.invitations.get(contact=silent).reminder == reminder
    assert survey.invitations.exclude(reminder=None).count() == 1


def test_while_fewer_than_five_have_answered_everybody_is_reminded_so_that_nobody_is_told_apart():
    people = [caller() for _one in range(6)]
    survey = delivered(released(remind_after=5))
    for answered in people[:4]:
        answer(survey, answered)

    tick(reminds_at(survey, survey.released_at))

    assert reminders_of(survey).count() == 6
    assert "If you have answered already" in reminders_of(survey)[0].content.text


def answer(survey, contact):
    ticket = ticket_of(token_of(survey.invitations.get(contact=contact)))
    cast(ticket=ticket, answers=[], now=survey.released_at)


def test_without_a_reminder_none_leaves():
    caller()
    survey = delivered(released())

    tick(its_time(survey) + timedelta(days=10))

    assert not reminders_of(survey).exists()


def test_at_the_end_of_its_last_day_it_closes_and_what_waits_is_taken_back():
    caller()
    survey = released()
    end = closes_at(survey)

    tick(end - timedelta(seconds=1))
    survey.refresh_from_db()
    assert survey.state == "open"
    tick(end)

    survey.refresh_from_db()
    assert (survey.state, survey.ended_at, survey.ended_because) == ("closed", end, "")
    message = messages_of(survey).get()
    assert (message.state, message.reason) == ("cancelled", "survey closed")


def test_one_that_never_opened_is_cancelled_when_its_last_day_is_over():
    caller()
    survey = approved()

    tick(closes_at(survey))

    survey.refresh_from_db()
    assert (survey.state, survey.ended_because) == ("cancelled", "survey closed")
    assert not messages_of(survey).exists()


def test_pausing_stops_both_of_its_mailings_and_resuming_lets_them_go():
    caller()
    survey = released()
    said = {"because": "A wrong word", "by": UserFactory(), "now": clock.now()}

    paused = switching.pause(survey=survey, **said)
    assert set(SendingState.objects.filter(is_stopped=True).values_list("mailing", flat=True)) == {
        survey.mailing,
        survey.reminder,
    }
    with pytest.raises(StaleSurvey):
        switching.pause(survey=survey, **said)

    assert switching.resume(survey=paused, **said).state == "open"
    assert not SendingState.objects.filter(is_stopped=True).exists()


def test_paused_before_its_time_it_does_not_open():
    caller()
    survey = switching.pause(survey=approved(), because="Wait", by=UserFactory(), now=clock.now())

    tick(its_time(survey))

    assert not messages_of(survey).exists()
    resumed = switching.resume(survey=survey, because="Go", by=UserFactory(), now=clock.now())
    assert resumed.state == "approved"


def test_what_has_opened_is_closed_and_what_has_not_is_cancelled():
    caller()
    said = {"because": "Enough", "by": UserFactory(), "now": clock.now()}
    assert switching.cancel(survey=draft(), **said).state == "cancelled"
    waiting = approved()
    with pytest.raises(StaleSurvey):
        switching.close(survey=waiting, **said)
    survey = released(waiting)
    with pytest.raises(StaleSurvey):
        switching.cancel(survey=survey, **said)

    closed = switching.close(survey=survey, **said)

    assert (closed.state, closed.ended_because) == ("closed", "Enough")
    assert messages_of(closed).get().state == "cancelled"


def test_the_sender_is_told_that_a_survey_has_closed():
    caller()
    survey = released()
    keys = {survey.mailing, survey.reminder}
    assert last_check.objections(keys) == {}

    Survey.objects.filter(pk=survey.pk).update(state="closed", ended_at=clock.now())

    assert last_check.objections(keys) == dict.fromkeys(keys, "survey closed")


def test_an_invitation_goes_with_the_person_and_its_link_stays_the_same():
    loser, winner = caller(), caller("", purposes=())
    survey = released()
    token = token_of(survey.invitations.get(contact=loser))
    manager = UserFactory(role="manager")

    for contact in [loser, winner]:
        contact.refresh_from_db()
    versions = winner.version, loser.version
    merge_contacts(winner=winner, loser=loser, choices={}, versions=versions, by=manager, now=clock.now())

    assert token_of(survey.invitations.get(contact=winner)) == token


def test_the_timeline_shows_the_invitation_and_why_there_was_none():
    gone, stays = caller(), caller()
    survey = approved()
    no_more_surveys(gone)
    released(survey)
    manager = UserFactory(role="manager")

    def shown(contact) -> list[tuple[str, str]]:
        return [(one.title, one.text) for one in page_of(contact, manager, show="surveys").entries]

    assert [title for title, _text in shown(stays)] == ["Survey invitation queued"]
    assert shown(gone) == [("Not invited to a survey", "Withdrawn")]
