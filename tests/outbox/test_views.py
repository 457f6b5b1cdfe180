import pytest
from django.urls import reverse

from audit.models import AccessEvent
from contacts.choices import Purpose
from i2a import clock
from outbox.models import MessageEvent
from tests.factories import ContactFactory, ContentFactory, MessageFactory, TeamFactory, UserFactory, says_why

pytestmark = pytest.mark.django_db


def page_of(client, user, message):
    client.force_login(user)
    return client.get(reverse("outbox:message", args=[message.uid]))


def test_the_page_says_why_what_when_and_how_it_is_proven(client, specialist):
    message = MessageFactory(
        state="sent",
        sent_at=clock.now(),
        smtp_code="250 2.0.0",
        rendered_sha256="f" * 64,
        template_version="abc123abc123",
    )
    MessageEvent.objects.create(message=message, state="sent", at=clock.now(), actor_label="system:drain")

    page = page_of(client, specialist, message).content.decode()

    for words in [
        "The client asked for this information.",
        message.to_email,
        message.reference,
        message.content.subject,
        message.content.text,
        message.content.sha256,
        "f" * 64,
        "abc123abc123",
        "250 2.0.0",
        "system:drain",
    ]:
        assert words in page


def test_an_invitation_shows_the_agreement_it_rests_on(client, specialist):
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    message = MessageFactory(
        kind="seminar", contact=contact, consent_event=contact.consent_events.get(purpose="seminar")
    )

    page = page_of(client, specialist, message).content.decode()

    assert "Seminars and workshops" in page
    assert "C-2026-000001" in page
    assert message.consent_event.text_version.body in page


def test_opening_it_is_recorded(client, specialist):
    message = MessageFactory()

    page_of(client, specialist, message)

    event = AccessEvent.objects.get(kind="viewed", object_uid=message.uid)
    assert (event.actor, event.object_type, event.detail) == (specialist, "outbox.message", {"purpose": "team"})


def test_who_has_no_work_with_its_receiver_says_why_first(client):
    message = MessageFactory()

    answer = page_of(client, UserFactory(role="manager", team=TeamFactory(name="Trade Missions")), message)

    assert answer.url.startswith(reverse("contacts:opening", args=[message.contact.uid]))


@pytest.mark.parametrize(
    ("role", "status"),
    [("specialist", 200), ("team_lead", 200), ("manager", 200), ("privacy_officer", 200), ("access_admin", 403)],
)
def test_who_may_open_it(client, request, role, status):
    user = request.getfixturevalue(role)

    message = MessageFactory()
    says_why(user, message.contact)

    assert page_of(client, user, message).status_code == status


def test_mail_of_another_teams_contact_does_not_exist(client, specialist):
    message = MessageFactory(contact=ContactFactory(team=TeamFactory(name="Trade Missions")))

    assert page_of(client, specialist, message).status_code == 404


def test_what_people_wrote_stays_text(client, specialist):
    message = MessageFactory(
        content=ContentFactory(text="<script>alert(1)</script>"), reason="<b>x</b>", state="withheld"
    )

    page = page_of(client, specialist, message).content.decode()

    assert "<script>alert(1)" not in page
    assert "<b>x</b>" not in page


def test_it_costs_the_same_for_many_events(client, specialist, django_assert_max_num_queries):
    message = MessageFactory()
    for _ in range(20):
        MessageEvent.objects.create(message=message, state="queued", at=clock.now(), actor_label="system:drain")
    page_of(client, specialist, message)

    with django_assert_max_num_queries(12):
        client.get(reverse("outbox:message", args=[message.uid]))
