"""The page from which a client is phoned about an address that does not work (R-INF-02)."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from calls.models import Call, SentDocument
from calls.services.information import write_ledger
from contacts.models import Contact
from followups.models import FollowUp
from followups.verifying import open_verifications
from outbox.models import Message
from tests.factories import CallFactory, ContactFactory, DocumentVersionFactory, FollowUpFactory, MessageFactory

MONDAY = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def follow_up(specialist) -> FollowUp:
    contact = ContactFactory(
        team=specialist.team, phone="+442079460958", email="tariq.fable@exmaple.test", email_state="not_working"
    )
    message = MessageFactory(contact=contact, state="bounced", reason="came back", created_by=specialist)
    write_ledger(message, [DocumentVersionFactory()])
    CallFactory(specialist=specialist, contact=contact, message=message, topics=["Study"], category="employer")
    open_verifications(now=MONDAY)
    return FollowUp.objects.get(contact=contact)


def page_of(follow_up: FollowUp) -> str:
    return reverse("calls:verify", args=[follow_up.uid])


def send(client, follow_up: FollowUp, email: str = "tariq.fable@example.com", **more):
    entries = {"email": email, "version": follow_up.version, "contact_version": follow_up.contact.version}
    return client.post(page_of(follow_up), entries | more)


@pytest.fixture
def maya(client, specialist):
    client.force_login(specialist)
    return client


def test_the_page_shows_the_number_what_it_is_for_and_what_came_back(maya, follow_up):
    html = maya.get(page_of(follow_up)).content.decode()

    assert "020 7946 0958" in html
    assert "Use this number only to verify the e-mail address." in html
    assert "tariq.fable@exmaple.test" in html
    assert "It came back: it could not be delivered" in html


def test_a_corrected_address_sends_the_same_documents_and_closes_it_with_an_outbound_call(maya, follow_up, specialist):
    answer = send(maya, follow_up)

    assert answer.status_code == 302
    call, old = Call.objects.latest("pk"), follow_up.verifications.get().message
    assert (call.direction, call.answers_follow_up, call.specialist) == ("out", follow_up, specialist)
    assert (call.category, [row.topic.name for row in call.topics.all()]) == ("employer", ["Study"])
    assert (call.message.to_email, call.message.content) == ("tariq.fable@example.com", old.content)
    versions = SentDocument.objects.filter(message=call.message).values_list("version")
    assert list(versions) == list(old.documents.values_list("version"))
    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.method, follow_up.outcome) == ("done", "phone", call.ref)
    assert Contact.objects.get(pk=follow_up.contact_id).email_state == "ok"


def test_the_call_stands_on_the_timeline(maya, follow_up):
    send(maya, follow_up)

    html = maya.get(follow_up.contact.get_absolute_url()).content.decode()

    assert Call.objects.latest("pk").ref in html


@pytest.mark.parametrize(
    ("email", "message"),
    [("", "Type the address that the client said."), ("tariq at example", "Enter one e-mail address.")],
)
def test_what_is_no_address_is_said_beside_the_field_and_kept(maya, follow_up, email, message):
    html = send(maya, follow_up, email).content.decode()

    assert message in html
    assert f'value="{email}"' in html or not email
    assert not Message.objects.filter(state="queued").exists()


def test_who_changed_the_contact_meanwhile_is_not_overwritten(maya, follow_up):
    answer = send(maya, follow_up, contact_version=follow_up.contact.version + 1)

    assert answer.status_code == 409
    assert "meanwhile" in answer.content.decode()
    follow_up.refresh_from_db()
    assert follow_up.is_open


def test_twice_sent_is_sent_once(maya, follow_up):
    send(maya, follow_up)

    assert send(maya, follow_up).status_code == 409
    assert Message.objects.filter(state="queued").count() == 1


def test_another_kind_of_follow_up_has_no_such_page(maya, specialist):
    other = FollowUpFactory(contact=ContactFactory(team=specialist.team), assigned_to=specialist)

    assert maya.get(page_of(other)).status_code == 404


def test_the_queue_leads_there(maya, follow_up):
    html = maya.get(reverse("followups:list")).content.decode()

    assert page_of(follow_up) in html


def test_documents_sent_without_a_call_can_be_sent_again_too(maya, specialist):
    contact = ContactFactory(team=specialist.team, phone="+17805550142", category="investor")
    MessageFactory(contact=contact, state="bounced", reason="came back", created_by=specialist)
    open_verifications(now=MONDAY)

    send(maya, FollowUp.objects.get(contact=contact))

    call = Call.objects.get(contact=contact)
    assert (call.category, call.calling_for) == ("investor", "unknown")
