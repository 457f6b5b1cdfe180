"""The page of those who look after the mail, the two-click decisions, and the switch."""

from datetime import timedelta

import pytest
from django.urls import reverse

from audit.models import LogEntry
from i2a import clock
from outbox import health
from outbox.decisions import AlreadyDecided, send_again, treat_as_sent
from outbox.models import Message, MessageEvent, SendingState
from tests.factories import MessageFactory, TeamFactory
from tests.outbox.steps import drain, promotion
from tests.threads import at_once


def undecided(**columns) -> Message:
    return promotion(state="ambiguous", reason="no answer", **columns)


def page_of(client, user, query: str = "") -> str:
    client.force_login(user)
    return client.get(reverse("outbox:backlog") + query).content.decode()


@pytest.mark.django_db
def test_the_page_says_what_waits_since_when_and_why(client, manager):
    health.ticked()
    MessageFactory()
    MessageFactory(reason="server busy", not_before=clock.now() + timedelta(hours=1))

    page = page_of(client, manager)

    assert "the oldest since" in page
    assert "The mail server asked to try again later" in page
    assert "Nothing. Of every mail it is known whether it left." in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("not configured", "No mail server is configured."),
        ("sign-in refused", "The mail server refuses our user name or password."),
        ("unreachable", "The mail server cannot be reached."),
    ],
)
def test_a_trouble_is_said_on_the_page_on_the_first_page_and_to_machines(client, manager, trouble, words):
    health.ticked()
    health.note(health.Trouble(trouble))

    assert words in page_of(client, manager)
    assert words in client.get(reverse("home")).content.decode()
    assert client.get(reverse("healthz")).json()["mail"] == trouble


@pytest.mark.django_db
def test_nobody_else_is_bothered_with_it(client, specialist):
    client.force_login(specialist)

    assert "Nobody looks after the mail" not in client.get(reverse("calls:desk")).content.decode()


@pytest.mark.django_db
def test_two_clicks_send_it_again(client, team_lead):
    message = undecided()
    page = page_of(client, team_lead)
    where = reverse("outbox:again", args=[message.uid])
    assert where in page

    assert "may get it twice" in client.get(where).content.decode()
    client.post(where)

    message.refresh_from_db()
    assert (message.state, message.reason, message.claim_token) == ("queued", "", None)
    assert message.events.latest("pk").detail == "again by a person"
    entry = LogEntry.objects.get_for_object(message).latest("pk")
    assert (entry.actor, entry.changes["state"]) == (team_lead, ["ambiguous", "queued"])


@pytest.mark.django_db
def test_two_clicks_treat_it_as_sent_at_the_moment_it_left(client, manager):
    message = undecided()
    left_at = clock.now() - timedelta(hours=2)
    MessageEvent.objects.create(message=message, state="sending", at=left_at, actor_label="system:drain")
    client.force_login(manager)

    client.post(reverse("outbox:arrived", args=[message.uid]))

    message.refresh_from_db()
    assert (message.state, message.sent_at) == ("sent", left_at)


@pytest.mark.django_db
def test_the_second_decision_changes_nothing_and_says_so(client, manager):
    message = undecided()
    treat_as_sent(message=message, now=clock.now())
    client.force_login(manager)

    response = client.post(reverse("outbox:again", args=[message.uid]), follow=True)

    message.refresh_from_db()
    assert message.state == "sent"
    assert "Somebody else was faster." in response.content.decode()


@pytest.mark.django_db
def test_only_what_one_may_see_is_listed(client, team_lead):
    ours, theirs = undecided(), undecided()
    type(theirs.contact).objects.filter(pk=theirs.contact_id).update(team=TeamFactory(name="Trade Missions"))

    page = page_of(client, team_lead)

    assert ours.contact.ref in page
    assert theirs.contact.ref not in page
    assert client.get(reverse("outbox:again", args=[theirs.uid])).status_code == 404


@pytest.mark.django_db
def test_a_long_list_has_pages_and_costs_the_same(client, manager, django_assert_max_num_queries):
    messages = [undecided() for _ in range(52)]
    first = page_of(client, manager)
    token = first.split('href="?after=')[1].split('"')[0]

    with django_assert_max_num_queries(24):
        second = client.get(reverse("outbox:backlog") + f"?after={token}").content.decode()

    assert messages[0].contact.ref in first
    assert messages[51].contact.ref not in first
    assert messages[51].contact.ref in second
    assert messages[0].contact.ref in page_of(client, manager, "?after=nonsense")


@pytest.mark.django_db
def test_the_manager_stops_and_resumes_with_a_reason(client, manager):
    client.force_login(manager)
    where = reverse("outbox:sending")

    assert "Say why" in client.post(where, {"to": "stop", "reason": " "}).content.decode()
    assert "must not be recorded" in client.post(where, {"to": "stop", "reason": "SIN 046 454 286"}).content.decode()
    client.post(where, {"to": "stop", "reason": "Wrong words"})
    assert SendingState.objects.get().is_stopped
    health.ticked()
    assert "Sending is stopped by a person." in page_of(client, manager)
    client.post(where, {"to": "resume", "reason": "Mended"})

    assert not SendingState.objects.get().is_stopped


@pytest.mark.django_db
@pytest.mark.parametrize("to", [{}, {"to": ""}, {"to": "STOP"}, {"to": "again"}])
def test_mail_does_not_go_on_by_anything_but_resume(client, manager, to):
    client.force_login(manager)
    where = reverse("outbox:sending")
    client.post(where, {"to": "stop", "reason": "Wrong words"})

    assert client.post(where, {"reason": "Mended", **to}).status_code == 400
    assert SendingState.objects.get().is_stopped


@pytest.mark.django_db
def test_the_reason_for_stopping_is_one_line_of_ordinary_characters(client, manager):
    client.force_login(manager)

    response = client.post(reverse("outbox:sending"), {"to": "stop", "reason": "Wrong\x00words"})

    assert "This contains characters that are not allowed." in response.content.decode()
    assert not SendingState.objects.filter(is_stopped=True).exists()


@pytest.mark.xdist_group("workshop")
def test_two_people_decide_at_once_and_one_mail_leaves(committed, smtp):
    message = undecided()
    refused = []

    def press() -> None:
        try:
            send_again(message=message, now=clock.now())
        except AlreadyDecided:
            refused.append(1)

    at_once(4, press)
    drain()

    assert (len(refused), len(smtp.received)) == (3, 1)
