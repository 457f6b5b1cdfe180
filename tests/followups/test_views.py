import re
from datetime import timedelta

import pytest
from django.urls import reverse

from access.roles import Role
from audit.models import AccessEvent
from followups import queue
from followups.models import FollowUp
from i2a import clock
from tests.factories import CallFactory, ContactFactory, FollowUpFactory, TeamFactory, UserFactory
from tests.followups.hours import edmonton
from tests.followups.pages import beside

pytestmark = pytest.mark.django_db

LIST = "/followups/"
NOW = edmonton("2026-11-24 14:12")  # Tuesday; what the factory makes was due at 10:05
CLOSE = {"version": 1, "outcome": "Explained the two streams."}


@pytest.fixture(autouse=True)
def clock_stands(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def specialist():
    return UserFactory(team=TeamFactory(name="Phone"))


@pytest.fixture
def answered(specialist):
    """What closes a follow-up: a call that the specialist has logged since."""
    return CLOSE | {"answer": f"call:{CallFactory(specialist=specialist).uid}"}


def due(when, **values):
    return FollowUpFactory(due_at=edmonton(when), received_at=edmonton(when) - timedelta(days=3), **values)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def asked_in_order(response):
    return list(dict.fromkeys(re.findall(r"Q\d", text_of(response))))  # the button repeats what it is about


def test_my_queue_shows_the_most_urgent_first(client, specialist):
    due("2026-11-25 09:20", asked="Q3", assigned_to=specialist)
    due("2026-11-24 15:51", asked="Q2", assigned_to=specialist)
    due("2026-11-24 13:07", asked="Q1", assigned_to=specialist)
    client.force_login(specialist)

    page = client.get(LIST)

    assert asked_in_order(page) == ["Q1", "Q2", "Q3"]
    words = text_of(page)
    assert "1 h 05 min late since 1:07 pm" in words
    assert "1 h 39 min until 3:51 pm" in words
    assert "2 h 38 min Wed 9:20 am" in words
    headings = ["Late", "Due before we close today, 4:30 pm", "Due tomorrow, Wednesday"]
    assert sorted(headings, key=words.index) == headings


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        ("mine", ["Q1"]),
        ("team", ["Q2", "Q5", "Q1"]),
        ("overdue", ["Q2"]),
        ("unassigned", ["Q5"]),
        ("waiting", ["Q4"]),
    ],
)
def test_views_choose_what_is_shown(client, specialist, view, shown):
    due("2026-11-25 09:20", asked="Q1", assigned_to=specialist)
    due("2026-11-24 13:07", asked="Q2", assigned_to=UserFactory(team=specialist.team))
    due("2026-11-24 13:07", asked="Q3", assigned_to=UserFactory(team=TeamFactory(name="Trade Missions")))
    paused = {"paused_at": edmonton("2026-11-24 09:00"), "pause_reason": "Sends her file number"}
    due("2026-11-24 13:07", asked="Q4", assigned_to=specialist, **paused)
    due("2026-11-24 16:00", asked="Q5", assigned_to=None, team=specialist.team)
    client.force_login(specialist)

    page = client.get(LIST, {"view": view})

    assert asked_in_order(page) == shown
    for count in ("Mine 1", "Team 3", "Overdue 1", "Unassigned 1", "Waiting for the client 1"):
        assert count in text_of(page)


@pytest.mark.parametrize("view", ["gossip", "", "\x00"])
def test_an_unknown_view_is_my_own(client, specialist, view):
    due("2026-11-25 09:20", asked="Q1", assigned_to=specialist)
    client.force_login(specialist)

    assert asked_in_order(client.get(LIST, {"view": view})) == ["Q1"]


def test_the_caller_and_the_reason_are_shown(client, specialist):
    contact = ContactFactory(team=specialist.team, name="Zoë Żółkiewska-Ågren", phone="+14035550142")
    FollowUpFactory(
        contact=contact,
        assigned_to=specialist,
        due_steps=[
            {"code": "received_after_hours", "on": "2026-11-23", "at": "16:45"},
            {"code": "due", "on": "2026-11-24", "at": "16:30"},
        ],
    )
    client.force_login(specialist)

    words = text_of(client.get(LIST))

    assert "Zoë Żółkiewska-Ågren" in words
    assert "403-555-0142" in words
    assert "Received Monday 4:45 pm, after hours. Due Tuesday 4:30 pm." in words


def test_another_teams_contact_stays_hidden(client, specialist):
    contact = ContactFactory(team=TeamFactory(name="Trade Missions"))
    FollowUpFactory(contact=contact, assigned_to=specialist, asked="Q1")
    client.force_login(specialist)

    assert asked_in_order(client.get(LIST)) == []


def test_only_the_caller_is_restricted_for_the_verification_of_an_address(client, specialist):
    contact = ContactFactory(team=specialist.team, phone="+14035550142")
    FollowUpFactory(contact=contact, assigned_to=specialist, kind=FollowUp.Kind.VERIFY_EMAIL, asked="")
    client.force_login(specialist)

    words = text_of(client.get(LIST))

    assert "Phone to verify e-mail address" in words
    assert "Use this number only to verify the e-mail address." in words


def test_an_empty_queue_says_what_comes_next(client, specialist):
    client.force_login(specialist)

    assert "No open follow-ups" in text_of(client.get(LIST))
    assert "Nothing is late" in text_of(client.get(LIST, {"view": "overdue"}))


def test_an_empty_queue_points_to_the_teams(client, specialist):
    due("2026-11-25 09:20", assigned_to=UserFactory(team=specialist.team))
    client.force_login(specialist)

    assert "Your team has 1 open follow-up." in text_of(client.get(LIST))


def test_a_long_queue_is_paged_without_loss(client, specialist, monkeypatch):
    monkeypatch.setattr(queue, "ROWS_PER_PAGE", 2)
    for number, minute in [(1, 10), (2, 20), (3, 20), (4, 20), (5, 40)]:
        due(f"2026-11-25 09:{minute}", asked=f"Q{number}", assigned_to=specialist)
    client.force_login(specialist)

    seen, url = [], LIST
    while url:
        page = client.get(url)
        seen += asked_in_order(page)
        follow = re.search(r'href="([^"]+after=[^"]+)"', page.content.decode())
        url = follow[1].replace("&amp;", "&") if follow else ""

    assert seen == ["Q1", "Q2", "Q3", "Q4", "Q5"]


@pytest.mark.parametrize("after", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_page_that_follows_nothing_is_the_first(client, specialist, after):
    due("2026-11-25 09:20", asked="Q1", assigned_to=specialist)
    client.force_login(specialist)

    assert asked_in_order(client.get(LIST, {"after": after})) == ["Q1"]


@pytest.mark.parametrize("rows", [1, 20])
def test_list_costs_the_same_for_one_and_twenty(client, specialist, rows, django_assert_max_num_queries):
    for _number in range(rows):
        FollowUpFactory(contact=ContactFactory(team=specialist.team), assigned_to=specialist)
    client.force_login(specialist)
    client.get(LIST)

    # savepoint x2, session, user, roles; rows, calendar x2, reading recorded, counts; my count and drafts in the frame
    with django_assert_max_num_queries(15):
        client.get(LIST)


def test_opening_the_list_is_recorded_without_a_name(client, specialist):
    due("2026-11-25 09:20", assigned_to=specialist)
    client.force_login(specialist)

    client.get(LIST)

    event = AccessEvent.objects.get(kind="listed")
    assert (event.actor, event.object_type, event.detail) == (
        specialist,
        "followups.followup",
        {"view": "mine", "count": 1},
    )


@pytest.mark.parametrize(
    ("role", "listing", "closing"),
    [
        (Role.SPECIALIST, 200, 200),
        (Role.TEAM_LEAD, 200, 200),
        (Role.MANAGER, 200, 200),
        (Role.PRIVACY_OFFICER, 200, 403),
        (Role.ACCESS_ADMIN, 403, 403),
        (None, 403, 403),
    ],
)
def test_who_may_open_what(client, role, listing, closing):
    user = UserFactory(role=role)
    follow_up = FollowUpFactory(team=user.team)
    client.force_login(user)

    assert client.get(LIST).status_code == listing
    assert client.get(reverse("followups:close", args=[follow_up.uid])).status_code == closing


def test_strangers_are_sent_to_sign_in(client):
    answer = client.get(LIST)

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_the_list_may_only_be_read(client, specialist):
    client.force_login(specialist)

    assert client.post(LIST).status_code == 405


def test_closing_records_the_answer_and_returns_to_the_queue(client, specialist, answered):
    follow_up = FollowUpFactory(assigned_to=specialist)
    client.force_login(specialist)

    answer = client.post(reverse("followups:close", args=[follow_up.uid]), answered)

    assert (answer.status_code, answer.url) == (302, LIST)
    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.completed_by, follow_up.completed_at) == ("done", specialist, NOW)
    assert (follow_up.method, follow_up.outcome) == ("phone", answered["outcome"])


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"answer": "", "outcome": ""}, "answer", "Record how the client was answered."),
        ({"answer": "not_needed"}, "outcome", "Record how the client was answered."),
        ({"outcome": "Told."}, "answer", "Record how the client was answered."),
        ({"answer": "call:pigeon", "outcome": "Told."}, "answer", "Record how the client was answered."),
        ({"answer": "not_needed", "outcome": "   "}, "outcome", "Record how the client was answered."),
        ({"answer": "not_needed", "outcome": "x" * 10_000}, "outcome", "Shorten this to 200 characters"),
        ({"answer": "not_needed", "outcome": "a\x00b"}, "outcome", "This contains characters that are not allowed."),
    ],
)
def test_an_incomplete_answer_is_refused_and_kept(client, specialist, typed, field, message):
    follow_up = FollowUpFactory(assigned_to=specialist)
    client.force_login(specialist)

    page = client.post(reverse("followups:close", args=[follow_up.uid]), typed)

    assert page.status_code == 200
    assert message in beside(page, field)
    assert typed.get("outcome", "").replace("\x00", "")[:50].strip() in page.content.decode().replace("\x00", "")
    follow_up.refresh_from_db()
    assert follow_up.is_open


@pytest.mark.parametrize("outcome", ["<script>alert(1)</script>", "=HYPERLINK(1)", "a\r\nb", "\u202eabc", "\ud800"])
def test_hostile_text_is_stored_or_refused_but_never_an_error(client, specialist, outcome):
    follow_up = FollowUpFactory(assigned_to=specialist)
    client.force_login(specialist)
    url = reverse("followups:close", args=[follow_up.uid])

    answer = client.post(
        url,
        b"version=1&answer=not_needed&outcome=" + outcome.encode("utf-8", "surrogatepass"),
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code in (200, 302)
    assert b"<script>alert" not in client.get(url).content


def test_closing_what_a_colleague_closed_keeps_both_words(client, specialist, answered):
    follow_up = FollowUpFactory(assigned_to=specialist, done=True, outcome="Sent the guide.")
    client.force_login(specialist)

    page = client.post(reverse("followups:close", args=[follow_up.uid]), answered | {"version": 0})

    assert page.status_code == 409
    words = text_of(page)
    assert "while you were editing. Your entries are shown below; nothing has been saved." in words
    assert "Sent the guide." in words and answered["outcome"] in words


def test_saying_it_again_corrects_the_closing_and_keeps_its_time(client, specialist, answered):
    follow_up = FollowUpFactory(assigned_to=specialist, done=True, outcome="Sent the guide.")
    client.force_login(specialist)
    url = reverse("followups:close", args=[follow_up.uid])
    conflict = client.post(url, answered | {"version": 0})

    client.post(url, dict(conflict.context["form"].data))

    completed_at = follow_up.completed_at
    follow_up.refresh_from_db()
    assert (follow_up.outcome, follow_up.completed_at) == (answered["outcome"], completed_at)


def test_closing_what_was_cancelled_shows_both_and_saves_nothing(client, specialist, answered):
    follow_up = FollowUpFactory(assigned_to=specialist, cancelled=True)
    client.force_login(specialist)
    url = reverse("followups:close", args=[follow_up.uid])

    stale, current = (client.post(url, answered | {"version": version}) for version in (0, 1))

    assert (stale.status_code, current.status_code) == (409, 409)
    assert "Save my entries" not in text_of(stale)
    follow_up.refresh_from_db()
    assert follow_up.status == "cancelled"


def test_another_teams_follow_up_does_not_exist(client, specialist, answered):
    follow_up = FollowUpFactory(assigned_to=UserFactory(team=TeamFactory(name="Trade Missions")))
    client.force_login(specialist)

    assert client.post(reverse("followups:close", args=[follow_up.uid]), answered).status_code == 404
    follow_up.refresh_from_db()
    assert follow_up.is_open


def test_opening_the_close_page_changes_nothing(client, specialist):
    follow_up = FollowUpFactory(assigned_to=specialist)
    client.force_login(specialist)

    client.get(reverse("followups:close", args=[follow_up.uid]))

    follow_up.refresh_from_db()
    assert follow_up.is_open and follow_up.version == 1


@pytest.mark.parametrize(("role", "offered"), [(Role.SPECIALIST, True), (Role.PRIVACY_OFFICER, False)])
def test_calling_back_is_one_click_for_who_takes_calls(client, role, offered):
    user = UserFactory(role=role)
    contact = ContactFactory(team=user.team, phone="+14035550142")
    follow_up = FollowUpFactory(contact=contact, team=user.team, assigned_to=user)
    client.force_login(user)

    page = client.get(LIST).content.decode()

    assert ('action="/calls/start/"' in page and f'value="{contact.uid}"' in page) is offered
    assert (f'name="answers" value="{follow_up.uid}"' in page) is offered
