"""Acting on a follow-up: attempts, pauses, handing over, answering by e-mail, planning a later contact."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from calls.models import Call, CallDraft
from contacts.choices import Channel, Purpose
from contacts.models import Contact
from followups.attempts import StillToTry, give_up
from followups.future_contact import NotAgreed, end_without_agreement, plan_future_contact
from followups.models import FollowUp
from i2a import clock
from outbox.models import Message
from tests.factories import CallFactory, ContactFactory, FollowUpFactory, TeamFactory, UserFactory, let_in
from tests.followups.hours import edmonton

pytestmark = pytest.mark.django_db

NOW = edmonton("2026-11-23 12:00")
NORMATIVE = "This client asked not to be contacted. No outbound contact can be planned."


@pytest.fixture(autouse=True)
def clock_stands(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def specialist(client):
    user = UserFactory(team=TeamFactory(name="Phone"))
    client.force_login(user)
    return user


@pytest.fixture
def caller(specialist):
    return ContactFactory(team=specialist.team, phone="+14035550142", agrees_to=[Purpose.SEMINAR])


@pytest.fixture
def follow_up(specialist, caller):
    return FollowUpFactory(contact=caller, assigned_to=specialist, asked="Q1")


def url_of(name, record):
    return reverse(f"followups:{name}", args=[record.uid])


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def again(follow_up):
    follow_up.refresh_from_db()
    return follow_up


# Attempts


def test_attempts_are_counted_and_stop_after_three(client, follow_up, specialist):
    for result in ("left_message", "unreachable", "unreachable"):
        client.post(url_of("attempt", follow_up), {"result": result})
    fourth = client.post(url_of("attempt", follow_up), {"result": "unreachable"}, follow=True)

    assert "Three attempts were made. Close it as not reached, or hand it over." in text_of(fourth)
    assert again(follow_up).attempts_made == 3
    assert [attempt.result for attempt in follow_up.attempts.order_by("number")] == [
        "left_message", "unreachable", "unreachable",
    ]  # fmt: skip
    assert "3 attempts of 3" in text_of(client.get("/followups/"))


def test_after_three_attempts_it_may_be_closed_as_not_reached(client, follow_up, specialist):
    typed = {"version": 1, "answer": "not_reached", "outcome": "No answer, three times."}
    early = client.post(url_of("close", follow_up), typed)
    for _number in range(3):
        client.post(url_of("attempt", follow_up), {"result": "unreachable"})

    client.post(url_of("close", follow_up), typed | {"version": again(follow_up).version})

    assert "Record how the client was answered." in text_of(early)
    assert (again(follow_up).status, follow_up.cancel_reason) == ("cancelled", "No answer, three times.")


def test_nobody_gives_up_before(follow_up, specialist):
    with pytest.raises(StillToTry):
        give_up(follow_up=follow_up, reason="Tired", by=specialist, now=NOW)


@pytest.mark.parametrize("typed", [{}, {"result": "shouted"}])
def test_an_unknown_result_records_nothing(client, follow_up, typed):
    client.post(url_of("attempt", follow_up), typed)

    assert again(follow_up).attempts_made == 0


# Completing


def test_a_call_back_starts_an_outgoing_call_that_answers_it(client, follow_up, caller):
    client.post(reverse("calls:start"), {"contact": str(caller.uid), "answers": str(follow_up.uid)})

    draft = CallDraft.objects.get()
    page = client.get(reverse("calls:draft", args=[draft.uid])).content.decode()
    assert draft.data["direction"] == ["out"]
    assert re.search(rf'name="answers_follow_up" value="{follow_up.uid}"[^>]* checked', page)


def test_a_call_that_was_logged_closes_it_and_is_linked(client, follow_up, caller, specialist):
    call = CallFactory(contact=caller, specialist=specialist, direction="out")
    page = client.get(url_of("close", follow_up))

    typed = {"version": 1, "answer": f"call:{call.uid}", "outcome": "Explained."}
    client.post(url_of("close", follow_up), typed)

    assert f"Our call {call.ref} of 10:05 am" in text_of(page)
    assert (again(follow_up).status, follow_up.method) == ("done", "phone")
    assert Call.objects.get(pk=call.pk).answers_follow_up == follow_up


@pytest.mark.parametrize("other", ["of somebody else", "before they asked", "that raised it", "voided"])
def test_other_calls_close_nothing(client, follow_up, caller, specialist, other):
    values = {
        "of somebody else": {"contact": ContactFactory()},
        "before they asked": {"started_at": NOW - timedelta(days=3)},
        "that raised it": {"follow_up_decision": "needed", "follow_up": follow_up},
        "voided": {"voided": True},
    }[other]
    call = CallFactory(**{"contact": caller, "specialist": specialist, **values})

    typed = {"version": 1, "answer": f"call:{call.uid}", "outcome": "Explained."}
    page = client.post(url_of("close", follow_up), typed)

    assert "Record how the client was answered." in text_of(page)
    assert again(follow_up).is_open


def test_without_a_call_or_mail_the_page_says_what_to_do(client, follow_up):
    page = client.get(url_of("close", follow_up))

    assert "No call and no e-mail since they asked is on record." in text_of(page)


def test_an_answer_by_email_is_a_message_and_closes_it(client, follow_up, caller, specialist):
    answer = client.post(url_of("email", follow_up), {"text": "Dear <b>Zoë</b>,\n\nyes.", "language": "en"})

    message = Message.objects.get()
    assert (answer.status_code, again(follow_up).status, follow_up.method) == (302, "done", "email")
    assert (follow_up.answer, message.contact, message.kind) == (message, caller, "information")
    assert message.content.subject == "The answer to your question"
    assert "&lt;b&gt;" in message.content.html and "<b>" not in message.content.html


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"text": ""}, "Write the answer."),
        ({"text": "Your SIN 046 454 286 is fine."}, "SIN"),
        ({"language": "tlh"}, "Select a valid choice"),
    ],
)
def test_an_answer_that_may_not_be_sent_is_refused_and_kept(client, follow_up, typed, message):
    page = client.post(url_of("email", follow_up), {"text": "Yes.", "language": "en"} | typed)

    assert message in text_of(page)
    assert again(follow_up).is_open and not Message.objects.exists()


def test_without_a_working_address_nothing_is_sent(client, follow_up, caller):
    caller.email_state = "not_working"
    caller.save()

    page = client.post(url_of("email", follow_up), {"text": "Yes.", "language": "en"})

    assert "not working" in text_of(page)
    assert again(follow_up).is_open


# Pausing and handing over


def test_pausing_needs_a_reason_and_moves_it_to_waiting(client, follow_up):
    refused = client.post(url_of("pause", follow_up), {"reason": ""})
    client.post(url_of("pause", follow_up), {"reason": "Sends the name of the employer"})

    assert "Say why the clock stops." in text_of(refused)
    waiting = text_of(client.get("/followups/?view=waiting"))
    assert "Paused since 12:00 pm" in waiting and "Sends the name of the employer" in waiting
    assert "Q1" not in text_of(client.get("/followups/"))


def test_resuming_puts_it_back(client, follow_up):
    client.post(url_of("pause", follow_up), {"reason": "Waits"})

    page = client.post(url_of("resume", follow_up), follow=True)

    assert "The clock runs on." in text_of(page)
    assert again(follow_up).paused_at is None


def test_handing_over_one(client, follow_up, specialist):
    colleague = UserFactory(team=specialist.team)

    client.post(url_of("hand_over", follow_up), {"to": colleague.pk})

    assert again(follow_up).assigned_to == colleague


@pytest.mark.parametrize("who", ["", "another team", "inactive", "privacy officer"])
def test_only_a_colleague_who_answers_can_take_it(client, follow_up, specialist, who):
    to = {
        "another team": UserFactory(team=TeamFactory(name="Trade Missions")),
        "inactive": UserFactory(team=specialist.team, is_active=False),
        "privacy officer": UserFactory(team=specialist.team, role="privacy_officer"),
    }.get(who)

    page = client.post(url_of("hand_over", follow_up), {"to": to.pk if to else ""})

    assert "Choose who answers." in text_of(page)
    assert again(follow_up).assigned_to == specialist


def test_a_colleague_who_may_not_see_the_caller_cannot_take_it(client, follow_up, specialist, caller):
    colleague = UserFactory(team=specialist.team)
    other = TeamFactory(name="Trade Missions")
    Contact.objects.filter(pk=caller.pk).update(team=other)  # no audit: a test's row
    let_in(specialist, caller)

    page = client.post(url_of("hand_over", follow_up), {"to": colleague.pk})

    assert "closed to this colleague" in text_of(page)


@pytest.mark.parametrize(("back_on", "handed"), [("", 2), ("2026-11-25", 1), ("2026-11-24", 0)])
def test_handing_over_what_is_due_before_one_is_back(client, follow_up, specialist, back_on, handed):
    later = NOW + timedelta(days=9)
    FollowUpFactory(assigned_to=specialist, due_at=later, original_due_at=later)
    colleague = UserFactory(team=specialist.team)

    page = client.post("/followups/hand-over/", {"to": colleague.pk, "back_on": back_on}, follow=True)

    assert FollowUp.objects.open().assigned_to(colleague).count() == handed
    assert "handed over to" in text_of(page)


# Later contact


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
    ("typed", "message"),
    [
        ({"on": "2028-11-24"}, "At most 24 months ahead"),
        ({"on": "2026-11-23"}, "Choose a day after today."),
        ({"on": "soon"}, "Write the day like this: 2026-12-24."),
        ({"purpose": "survey"}, "Select a valid choice"),
        ({"purpose": "trade_mission"}, "They have not agreed to be contacted about this in this way: Not asked yet."),
        ({"channel": "phone"}, "They have not agreed to be contacted about this in this way"),
        ({"asked": ""}, "Say in a few words what it is for."),
        ({"uid": "x"}, ""),
    ],
)
def test_a_plan_without_agreement_or_day_is_refused(client, caller, typed, message):
    page = plan(client, caller, **typed)

    assert page.status_code == 200
    assert message in text_of(page)
    assert not FollowUp.objects.exists()


def test_the_last_possible_day_is_two_years_on(client, caller):
    plan(client, caller, on="2028-11-23")

    assert FollowUp.objects.get().due_at == edmonton("2028-11-23 16:30")


def test_do_not_contact_refuses_with_the_normative_text(client, specialist):
    caller = ContactFactory(team=specialist.team, do_not_contact=True, do_not_contact_at=NOW)

    assert NORMATIVE in text_of(plan(client, caller))
    assert not FollowUp.objects.exists()


@pytest.fixture
def planned(caller, specialist):
    return plan_future_contact(
        contact=caller, purpose=Purpose.SEMINAR, channel=Channel.EMAIL, on=edmonton("2027-02-10 00:00").date(),
        asked="The spring seminar", uid=uuid4(), by=specialist, now=NOW,
    )  # fmt: skip


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


# The page


def test_its_page_says_everything_about_it(client, follow_up, caller):
    client.post(url_of("pause", follow_up), {"reason": "Waits"})
    client.post(url_of("attempt", follow_up), {"result": "left_message"})

    words = text_of(client.get(url_of("detail", follow_up)))

    assert "Left a message, today 12:00 pm" in words
    assert "Waits" in words and "still paused" in words


@pytest.mark.parametrize("name", ["detail", "email", "pause", "hand_over", "close"])
def test_another_teams_follow_up_does_not_exist(client, specialist, name):
    other = FollowUpFactory(contact=ContactFactory(team=TeamFactory(name="Trade Missions")))

    assert client.get(url_of(name, other)).status_code == 404


# The report


def test_the_report_gives_both_percentages_and_what_was_late_or_moved(client, specialist):
    lead = UserFactory(team=specialist.team, role="team_lead")
    client.force_login(lead)
    FollowUpFactory(assigned_to=lead, done=True, asked="Q1")
    late = {"received_at": NOW - timedelta(days=4), "due_at": NOW - timedelta(days=3)}
    FollowUpFactory(assigned_to=lead, asked="Q2", **late)
    moved = {"due_at": NOW + timedelta(days=2), "original_due_at": NOW + timedelta(days=1)}
    FollowUpFactory(assigned_to=lead, asked="Q3", done=True, **moved)

    words = text_of(client.get("/followups/report/?month=2026-11"))

    assert "66.7 % within one business day: 2 of 3" in words.replace("\xa0", " ").replace("&nbsp;", " ")
    assert "33.3 % (1 of 3)" in words
    assert "Q1" not in words and "Q2" in words and "Q3" in words


@pytest.mark.parametrize("month", ["", "x", "2026-13", "0001-01", "9999-12"])
def test_an_impossible_month_is_this_one(client, specialist, month):
    client.force_login(UserFactory(role="manager"))

    assert "November 2026" in text_of(client.get("/followups/report/", {"month": month}))
