"""Contacting somebody later, because they agreed to it (R-FUP-06)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from calls.models import CallDraft
from contacts.choices import Channel, FutureContact, Language, Purpose, Source
from contacts.models import Contact
from contacts.services.consents import record_answers
from followups.future_contact import NotAgreed, end_without_agreement, plan_future_contact
from followups.models import FollowUp
from outbox.models import Message
from tests.factories import LONG_AGO, ContactFactory, TextVersionFactory
from tests.followups.actions.pages import NOW, again, text_of, url_of
from tests.followups.hours import edmonton
from tests.followups.pages import beside

pytestmark = pytest.mark.django_db
NORMATIVE = "This client asked not to be contacted. No outbound contact can be planned."
NOT_AGREED = "They have not agreed to be contacted about this in this way: Not asked yet."

PLAN = {"on": "2027-02-10", "purpose": "seminar", "channel": "email", "asked": "The spring seminar"}


def plan(client, caller, **typed):
    return client.post(url_of("plan", caller), PLAN | {"uid": str(uuid4())} | typed)


def test_a_later_contact_rests_on_their_agreement(client, caller, specialist):
    plan(client, caller)

    planned = FollowUp.objects.get()
    assert (planned.kind, planned.purpose, planned.channel) == ("future_contact", "seminar", "email")
    assert planned.due_at == edmonton("2027-02-10 16:30")
    assert planned.consent_event is not None and planned.assigned_to == specialist


def test_the_same_form_plans_once(client, caller):
    uid = str(uuid4())
    for _click in range(2):
        plan(client, caller, uid=uid)

    assert FollowUp.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"on": ""}, "on", "Choose a day."),
        ({"on": "2028-11-24"}, "on", "At most 24 months ahead: consent may have lapsed by then."),
        ({"on": "2026-11-23"}, "on", "Choose a day after today. What is owed today is an answer, not a plan."),
        ({"on": "soon"}, "on", "Write the day like this: 2026-12-24."),
        ({"purpose": "survey"}, "purpose", "Choose what it is about."),
        ({"channel": "telex"}, "channel", "Choose how."),
        ({"asked": ""}, "asked", "Say in a few words what it is for."),
        ({"purpose": "trade_mission"}, "purpose", NOT_AGREED),
        ({"channel": "phone"}, "purpose", NOT_AGREED),
    ],
)
def test_an_impossible_plan_is_refused_beside_the_field(client, caller, typed, field, message):
    page = plan(client, caller, **typed)

    assert list(page.context["form"].errors) == [field]
    assert message in beside(page, field)
    assert not FollowUp.objects.exists()


def test_a_form_without_its_number_is_out_of_date(client, caller):
    page = plan(client, caller, uid="x")

    assert "This page is out of date. Open it again." in text_of(page)
    assert not FollowUp.objects.exists()


def test_the_last_possible_day_is_two_years_on(client, caller):
    plan(client, caller, on="2028-11-23")

    assert FollowUp.objects.get().due_at == edmonton("2028-11-23 16:30")


def test_do_not_contact_refuses_with_the_normative_text(client, specialist):
    caller = ContactFactory(team=specialist.team, do_not_contact=True, do_not_contact_at=NOW)

    assert NORMATIVE in text_of(plan(client, caller))
    assert not FollowUp.objects.exists()


def planned_for(caller, specialist, *, purpose=Purpose.SEMINAR, channel=Channel.EMAIL):
    return plan_future_contact(
        contact=caller, purpose=purpose, channel=channel, on=edmonton("2027-02-10 00:00").date(),
        asked="The spring seminar", uid=uuid4(), by=specialist, now=NOW,
    )  # fmt: skip


@pytest.fixture
def planned(caller, specialist):
    return planned_for(caller, specialist)


def write(client, follow_up):
    return client.post(url_of("email", follow_up), {"text": "Come to Leduc in March.", "language": "en"})


def test_what_they_hear_of_later_carries_its_proof_and_the_way_out(client, planned):
    write(client, planned)

    mail = Message.objects.get()
    assert (mail.kind, mail.consent_event, mail.content.subject) == (
        "seminar", planned.consent_event, "Seminars and workshops",
    )  # fmt: skip
    assert (again(planned).status, planned.answer) == ("done", mail)


def test_who_agreed_to_be_phoned_is_not_written_to(client, specialist):
    caller = ContactFactory(team=specialist.team, phone="+14035550142")
    record_answers(
        contact=caller, answer=FutureContact.AGREED, purposes=[Purpose.SEMINAR], channels=[Channel.PHONE],
        text_version=TextVersionFactory(), language=Language.EN, source=Source.CALL, source_ref="C-2026-000001",
        by=None, now=LONG_AGO,
    )  # fmt: skip
    planned = planned_for(caller, specialist, channel=Channel.PHONE)

    page = write(client, planned)

    assert "They have not agreed to an e-mail about this. Phone them, if they agreed to that." in text_of(page)
    assert again(planned).is_open and not Message.objects.exists()
    assert url_of("email", planned) not in client.get("/followups/").content.decode()


def stop_agreeing(caller):
    Contact.objects.filter(pk=caller.pk).update(email_state="not_working")  # no audit: a test's row


def test_when_the_day_comes_consent_is_asked_again(planned, caller):
    stop_agreeing(caller)
    day = edmonton("2027-02-10 08:00")

    assert end_without_agreement(today=planned.planned_on - timedelta(days=1), now=day) == 0
    assert end_without_agreement(today=planned.planned_on, now=day) == 1
    assert end_without_agreement(today=planned.planned_on, now=day) == 0
    assert (again(planned).status, planned.cancel_reason) == ("cancelled", "address not working")


def test_who_still_agrees_stays(planned):
    assert end_without_agreement(today=planned.planned_on, now=NOW) == 0
    assert again(planned).is_open


@pytest.mark.parametrize("way", ["email", "call"])
def test_acting_asks_again_and_ends_it_with_the_reason(client, planned, caller, way):
    stop_agreeing(caller)

    if way == "email":
        page = client.post(url_of("email", planned), {"text": "Come!", "language": "en"}, follow=True)
    else:
        start = {"contact": str(caller.uid), "answers": str(planned.uid)}
        page = client.post(reverse("calls:start"), start, follow=True)

    assert "Nothing was sent: E-mail address not working. The follow-up was cancelled." in text_of(page)
    assert again(planned).status == "cancelled"
    assert not CallDraft.objects.exists() and not Message.objects.exists()


def test_planning_without_agreement_raises(caller, specialist):
    with pytest.raises(NotAgreed):
        plan_future_contact(
            contact=caller, purpose=Purpose.TRADE_MISSION, channel=Channel.EMAIL, on=NOW.date(), asked="X",
            uid=uuid4(), by=specialist, now=NOW,
        )  # fmt: skip
