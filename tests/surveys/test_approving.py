"""The list, the second person, and what is refused (R-SRV-02, INV-12)."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from i2a import clock
from outreach.mailings.refusals import (
    EnglishMissing,
    ListChanged,
    NobodyWouldGetIt,
    NoSchedule,
    ScheduleInThePast,
    ScheduleSkipped,
    SubjectRefused,
)
from surveys.editing.refusals import StaleSurvey
from surveys.inviting import refusals
from surveys.inviting.approving import changed_since_freeze, fell_out, send_back
from surveys.inviting.audience import audience_of
from surveys.models import Survey
from tests.factories import InvitationFactory, UserFactory
from tests.surveys.steps import approve, approved, asked, caller, draft, no_more_surveys

pytestmark = pytest.mark.django_db


def test_asking_writes_the_list_with_call_address_and_agreement():
    contact = caller()
    caller("not_possible", call={"survey_notice_reason": "In a hurry."})

    survey = asked()

    (invitation,) = survey.invitations.all()
    assert (invitation.contact, invitation.call) == (contact, contact.calls.get())
    assert invitation.consent_event == contact.consent_events.get()
    assert (invitation.email_fingerprint, invitation.invited_on) == (contact.email_fingerprint, None)
    assert (survey.state, survey.listed, survey.asked_by) == ("asked", 1, survey.created_by)


def test_the_list_says_who_was_left_out_when_it_was_made_and_everybody_is_counted_once():
    kept = caller()
    caller(email=kept.email)
    caller("not_possible", call={"survey_notice_reason": "In a hurry."})
    caller(purposes=())
    preview = audience_of(draft())

    survey = asked()

    survey.refresh_from_db()
    assert survey.left_out == [["no consent", 1], ["no survey notice", 1], ["duplicate address", 1]]
    assert (preview.will_get, preview.exclusions) == (survey.listed, [tuple(one) for one in survey.left_out])


def test_asking_costs_the_same_for_one_and_for_many():
    caller()
    with CaptureQueriesContext(connection) as one:
        assert asked().listed == 1
    for _more in range(5):
        caller()

    with CaptureQueriesContext(connection) as many:
        assert asked().listed == 6

    assert len(many) == len(one)


@pytest.mark.parametrize(
    ("wrong", "refusal", "field"),
    [
        ({"called_from": None}, refusals.NoPeriod, "called_from"),
        ({"send_on": None}, NoSchedule, "send_on"),
        ({"send_on": date(2020, 3, 2), "closes_on": date(2020, 4, 2)}, ScheduleInThePast, "send_on"),
        ({"closes_on": None}, refusals.NoEnd, "closes_on"),
        ({"remind_after": 14}, refusals.ReminderTooLate, "remind_after"),
        ({"subject_en": ""}, EnglishMissing, "text_en"),
        ({"text_fr": ""}, refusals.FrenchMissing, "text_fr"),
        ({"text_fr": "Sans lien"}, refusals.LinkMissing, "text_fr"),
        ({"subject_en": "a\u2028b"}, SubjectRefused, "subject_en"),
    ],
)
def test_it_is_refused_with_a_word_about_the_field(wrong, refusal, field):
    caller()
    if "remind_after" in wrong:
        wrong = {"closes_on": clock.today() + timedelta(days=14), "remind_after": 14}

    with pytest.raises(refusal) as refused:
        asked(**wrong)

    assert refused.value.field == field
    assert str(refused.value)


def test_the_link_is_named_in_the_refusal():
    caller()

    with pytest.raises(refusals.LinkMissing, match=r"The text must contain the link: \{link\}\."):
        asked(text_en="No link")


def test_an_hour_that_the_clocks_skip_is_refused():
    caller()
    before = datetime(2026, 3, 1, tzinfo=clock.EDMONTON)

    with pytest.raises(ScheduleSkipped):
        asked(draft(send_on=date(2026, 3, 8), send_at=time(2, 30), closes_on=date(2026, 3, 20)), now=before)


def test_the_database_refuses_a_survey_that_closes_before_it_opens():
    with pytest.raises(IntegrityError, match="survey_closes_after_it_opens"), transaction.atomic():
        draft(closes_on=clock.today())


def test_without_a_question_it_is_refused():
    caller()
    survey = draft()
    survey.questions.all().delete()

    with pytest.raises(refusals.NotComplete):
        asked(survey)


def test_with_nobody_to_invite_it_is_refused():
    caller(purposes=("seminar",))

    with pytest.raises(NobodyWouldGetIt, match="Nobody would get this"):
        asked()


def test_who_drafted_changed_or_asked_cannot_approve():
    caller()
    survey = asked()

    with pytest.raises(refusals.NotASecondPerson, match="A survey must be approved by a second person"):
        approve(survey, by=survey.created_by)
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(
            state="approved", approved_at=clock.now(), approved_by=survey.asked_by
        )


def test_approval_is_of_the_list_that_was_shown():
    first, _second = caller(), caller()
    survey = asked()
    seen = changed_since_freeze(survey).sha256
    no_more_surveys(first)

    with pytest.raises(ListChanged) as refused:
        approve(survey, seen_sha256=seen)

    assert refused.value.fell_out == [("consent withdrawn", 1)]
    assert [(one, one.why) for one in fell_out(survey, UserFactory(role="manager"))] == [(first, "consent withdrawn")]
    survey = approve(survey)
    assert (survey.state, changed_since_freeze(survey).remaining) == ("approved", 1)


def test_who_is_asked_by_phone_meanwhile_falls_out():
    contact, _other = caller(), caller()
    survey = asked()
    InvitationFactory(contact=contact, by_phone=True, invited_on=clock.today().replace(day=1))

    assert changed_since_freeze(survey).fell_out == [("invited within 6 months", 1)]


def test_approval_is_also_of_the_questions():
    caller()
    survey = asked()
    seen = changed_since_freeze(survey).sha256
    survey.questions.update(text_en="Something else?")

    with pytest.raises(ListChanged):
        approve(survey, seen_sha256=seen)


def test_a_second_approval_says_that_it_is_scheduled():
    caller()
    survey = asked()
    seen = {"seen_sha256": changed_since_freeze(survey).sha256, "seen_version": survey.version}
    approve(survey, **seen)

    with pytest.raises(refusals.AlreadyScheduled, match="This survey is already scheduled"):
        approve(survey, **seen)


def test_sending_it_back_forgets_the_list_and_keeps_the_reason():
    caller()
    survey = asked()

    survey = send_back(
        survey=survey, because="Too long.", seen_version=survey.version, by=UserFactory(), now=clock.now()
    )

    assert (survey.state, survey.sent_back_because, survey.listed) == ("draft", "Too long.", 0)
    assert not survey.invitations.exists()


def test_of_an_older_page_nothing_is_asked():
    caller()
    survey = draft()
    Survey.objects.filter(pk=survey.pk).update(version=9)

    with pytest.raises(StaleSurvey):
        asked(survey)


def test_the_database_adds_nobody_to_a_list_that_was_asked_for():
    caller()
    late, survey = caller(), asked()
    survey.invitations.filter(contact=late).delete()

    with pytest.raises(IntegrityError, match="after approval was asked for"), transaction.atomic():
        survey.invitations.create(contact=late, consent_event=late.consent_events.get())


@pytest.mark.parametrize("change", [{"text_en": "Else {link}"}, {"topics": [1]}, {"closes_on": date(2030, 1, 1)}])
def test_the_database_keeps_what_was_approved(change):
    caller()
    survey = approved()

    with pytest.raises(IntegrityError, match="what was approved"), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(**change)
