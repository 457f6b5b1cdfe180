"""Who would be invited, who would not and why (R-SRV-02, R-CNS-08)."""

from datetime import date, timedelta

import pytest

from calls.models import Topic
from contacts.models import Contact
from i2a import clock
from outbox.models import Message
from surveys.inviting.audience import agreements, audience_of, excluded_for, included, say_reason
from surveys.inviting.fatigue import asked_recently, months_before
from tests.factories import CallFactory, ContactFactory, InvitationFactory, MessageFactory, UserFactory
from tests.surveys.steps import asked, caller, draft, no_more_surveys

pytestmark = pytest.mark.django_db


def test_each_person_is_counted_once_with_the_first_reason_in_the_order_of_the_rule():
    invited = caller()
    caller(purposes=(), declines=True, do_not_contact=True, do_not_contact_at=clock.now())
    caller(purposes=(), email="", phone="+14035550142")
    caller(email_state="not_working")
    caller(purposes=())
    caller(purposes=("seminar",))
    no_more_surveys(caller())
    caller("not_possible", call={"survey_notice_reason": "The line was bad."})
    asked_before = caller()
    InvitationFactory(contact=asked_before, invited_on=clock.today() - timedelta(days=90))
    ContactFactory(agrees_to=["survey"])  # never called
    survey = draft()

    found = audience_of(survey)

    assert found.exclusions == [
        ("do not contact", 1),
        ("no e-mail", 1),
        ("address not working", 1),
        ("no consent", 2),
        ("consent withdrawn", 1),
        ("no survey notice", 1),
        ("invited within 6 months", 1),
    ]
    assert (found.matching, found.will_get) == (9, 1)
    manager = UserFactory(role="manager")
    assert list(included(survey, manager)) == [invited]
    assert list(excluded_for(survey, manager, "invited within 6 months")) == [asked_before]
    assert list(agreements(survey, [invited]).values()) == [invited.consent_events.get()]


def test_counting_is_one_statement(django_assert_num_queries):
    caller()
    survey = draft(categories=["employer"], topics=[1], services=["answered"], channels=["in"])

    with django_assert_num_queries(1):
        audience_of(survey)


def test_period_category_topic_service_and_direction_choose_among_the_calls_of_each():
    about = {"category": "employer", "topics": ["Study"], "services": ["answered"], "direction": "in"}
    long_ago = {name: clock.now() - timedelta(days=40) for name in ["started_at", "ended_at"]}
    others = [{"category": "investor"}, {"topics": []}, {"services": ["referred"]}, {"direction": "out"}, long_ago]
    chosen = caller(call=about)
    for other in others:
        caller(call=about | other)

    survey = draft(
        categories=["employer"], topics=[Topic.objects.get(name="Study").pk], services=["answered"], channels=["in"]
    )

    assert audience_of(survey).matching == 1
    assert list(included(survey, UserFactory(role="manager"))) == [chosen]


def test_the_first_and_the_last_day_are_days_of_edmonton():
    edge = clock.midnight() - timedelta(days=7)
    caller(call={"started_at": edge, "ended_at": edge})
    caller(call={"started_at": edge - timedelta(seconds=1), "ended_at": edge})
    day = edge.astimezone(clock.EDMONTON).date()

    assert audience_of(draft(called_from=day, called_to=day)).matching == 1


def test_a_voided_call_does_not_count():
    caller(call={"voided": True})

    assert audience_of(draft()).matching == 0


def test_being_told_at_any_call_is_enough():
    contact = caller("not_possible", call={"survey_notice_reason": "In a hurry."})
    CallFactory(contact=contact, survey_notice="given")

    assert audience_of(draft()).will_get == 1


def test_of_two_calls_they_are_asked_about_the_latest():
    contact = caller()
    later = CallFactory(contact=contact, started_at=clock.now(), ended_at=clock.now())

    assert asked().invitations.get().call == later


@pytest.mark.parametrize(
    ("day", "before"), [(date(2026, 11, 22), date(2026, 5, 22)), (date(2026, 8, 31), date(2026, 2, 28))]
)
def test_six_months_are_months_of_the_calendar(day, before):
    assert months_before(day, 6) == before


@pytest.mark.parametrize(
    ("invitation", "was_asked"),
    [
        ({"invited_on": date(2026, 5, 23)}, True),
        ({"invited_on": date(2026, 5, 22)}, False),
        ({"by_phone": True, "invited_on": date(2026, 5, 1)}, True),  # perhaps on 31 May
        ({"by_phone": True, "invited_on": date(2026, 4, 1)}, False),
        ({"invited_on": None}, False),
    ],
)
def test_nobody_is_asked_twice_in_six_months_whatever_the_survey_and_by_phone_too(invitation, was_asked):
    InvitationFactory(**invitation)

    assert Contact.objects.filter(asked_recently(date(2026, 11, 22))).exists() is was_asked


def test_an_invitation_that_never_left_does_not_count():
    contact = caller()
    mail = MessageFactory(kind="survey", contact=contact, consent_event=contact.consent_events.get())
    InvitationFactory(contact=contact, invited_on=clock.today(), message=mail)
    assert audience_of(draft()).will_get == 0

    Message.objects.filter(pk=mail.pk).update(state="withheld")

    assert audience_of(draft()).will_get == 1


def test_of_records_with_one_address_the_oldest_is_invited():
    first, second = caller(email="family@example.org"), caller(email="family@example.org")
    survey, manager = draft(), UserFactory(role="manager")

    found = audience_of(survey)

    assert (found.will_get, found.exclusions) == (1, [("duplicate address", 1)])
    assert list(included(survey, manager)) == [first]
    assert list(excluded_for(survey, manager, "duplicate address")) == [second]


def test_reasons_are_said_in_words():
    assert say_reason("no survey notice") == "Was not told about surveys"
    assert say_reason("duplicate address") == "Same e-mail address as somebody on the list"
    assert say_reason("consent withdrawn") == "Withdrawn"
