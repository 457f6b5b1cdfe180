"""A whole mailing in one statement (M6, M15, N1)."""

from datetime import timedelta

import pytest

from audit.actor import acting_as
from audit.models import LogEntry
from contacts.choices import Purpose
from contacts.models import Contact
from i2a import clock
from outbox.mailings import queue_mailing
from outbox.models import Message
from outbox.services import message_id_for
from tests.factories import ContactFactory, ContentFactory, MessageFactory, UserFactory
from tests.outbox.steps import withdraw
from tests.threads import at_once


def queue(audience=None, **changes) -> int:
    now = clock.now()
    asked = {"mailing": "event:E-1", "kind": Message.Kind.SEMINAR, "contents": {"en": ContentFactory()}, "by": None}
    everybody = Contact.objects.all() if audience is None else audience
    return queue_mailing(**{**asked, "audience": everybody, "not_before": now, "now": now, **changes})


@pytest.mark.usefixtures("impossible_rows")
@pytest.mark.django_db
def test_everybody_who_agreed_is_promised_one_and_nobody_else():
    agreed = ContactFactory(agrees_to=[Purpose.SEMINAR])
    ContactFactory(agrees_to=[Purpose.TRADE_MISSION])
    ContactFactory(declines=True)
    ContactFactory()
    ContactFactory(agrees_to=[Purpose.SEMINAR], email_state="not_working")
    changed = ContactFactory(agrees_to=[Purpose.SEMINAR])
    Contact.objects.filter(pk=changed.pk).update(email="new@example.org", email_fingerprint="f" * 64)
    withdraw(withdrawn := ContactFactory(agrees_to=[Purpose.SEMINAR]))

    assert queue() == 1

    (message,) = Message.objects.all()
    assert message.contact == agreed != withdrawn
    assert message.consent_event == agreed.consent_events.get()
    assert message.text_version == message.consent_event.text_version
    assert (message.state, message.to_email) == ("queued", agreed.email)
    assert message.message_id == message_id_for(message.uid)


@pytest.mark.django_db
def test_the_audience_is_asked_within_the_same_statement():
    kept, _left_out = ContactFactory.create_batch(2, agrees_to=[Purpose.SEMINAR])

    assert queue(Contact.objects.filter(name=kept.name, ref=kept.ref)) == 1
    assert Message.objects.get().contact == kept


@pytest.mark.django_db
def test_two_records_with_one_address_get_one_mail():
    ContactFactory.create_batch(2, email="family@example.org", agrees_to=[Purpose.SEMINAR])

    assert queue() == 1
    assert queue() == 0


@pytest.mark.django_db
def test_who_prefers_french_gets_french_if_it_is_there():
    ContactFactory(agrees_to=[Purpose.SEMINAR], language="fr")
    french = ContentFactory(language="fr", subject="Atelier")

    queue(contents={"en": ContentFactory(), "fr": french})
    queue(mailing="event:E-2")

    assert list(Message.objects.order_by("pk").values_list("content__language", flat=True)) == ["fr", "en"]


@pytest.mark.django_db
def test_each_message_has_its_event_and_an_entry_like_one_of_auditlogs_own(specialist):
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    event = contact.consent_events.get()
    now = clock.now()

    with acting_as(specialist):
        queue(now=now)
        ours = Message.objects.get()
        saved = MessageFactory(kind="seminar", contact=contact, consent_event=event, content=ours.content)

    assert list(ours.events.values_list("state", "actor_label", "at")) == [("queued", "maya", now)]
    mine, theirs = (LogEntry.objects.get_for_object(message).get() for message in [ours, saved])
    same = {"kind", "contact", "to_email", "content", "consent_event", "text_version", "state"}
    assert {name: mine.changes[name] for name in same} == {name: theirs.changes[name] for name in same}
    assert (mine.action, mine.actor, mine.object_repr) == (theirs.action, specialist, str(ours))


@pytest.mark.xdist_group("workshop")
def test_twenty_confirmations_at_once_make_one_mailing(committed):
    """M6: a double click, a proxy that repeats, two managers."""
    contacts = ContactFactory.create_batch(30, agrees_to=[Purpose.SEMINAR])
    audience = Contact.objects.filter(pk__in=[contact.pk for contact in contacts])
    content, by, added = ContentFactory(), UserFactory(), []
    later = clock.now() + timedelta(days=1)

    def confirm() -> None:
        added.append(queue(audience, mailing="event:E-20", contents={"en": content}, by=by, not_before=later))

    at_once(20, confirm)

    assert sorted(added) == [0] * 19 + [30]
    assert Message.objects.filter(purpose_key="event:E-20").count() == 30
