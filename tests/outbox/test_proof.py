"""N1: a promotional message rests on a live agreement, for raw SQL too. Four ways not to have one, and its end."""

import pytest
from django.db import IntegrityError, connection, transaction

from contacts.choices import Purpose
from contacts.models import Contact
from outbox import engine
from outbox.models import Message
from tests.factories import ContactFactory, MessageFactory, TextVersionFactory
from tests.outbox.steps import drain, promotion, withdraw

INSERT = """
INSERT INTO outbox_message (
    uid, kind, purpose_key, contact_id, to_email, content_id, consent_event_id, text_version_id, state, reason,
    message_id, not_before, attempts, smtp_code, template_version, rendered_sha256, created_at
) SELECT gen_random_uuid(), %(kind)s, 'event:raw', contact_id, %(to)s, content_id, %(event)s, %(words)s, 'queued', '',
    '<raw@example.org>', not_before, 0, '', '', '', created_at FROM outbox_message WHERE id = %(like)s
"""


def insert(like: Message, **changes) -> None:
    columns = {"kind": "seminar", "to": like.to_email, "event": like.consent_event_id, "words": like.text_version_id}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT, {**columns, "like": like.pk, **changes})


@pytest.mark.django_db
def test_raw_sql_with_the_live_agreement_is_accepted():
    insert(promotion())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"event": None}, "message_promotion_rests_on_consent"),
        ({"words": None}, "message_promotion_rests_on_consent"),
        ({"kind": "survey"}, "needs a live agreement"),
        ({"to": "somebody.else@example.org"}, "needs a live agreement"),
    ],
)
def test_raw_sql_without_it_is_refused(changes, constraint):
    like = promotion()

    with pytest.raises(IntegrityError, match=constraint):
        insert(like, **changes)


@pytest.mark.django_db
def test_raw_sql_with_other_words_than_were_read_is_refused():
    other = TextVersionFactory(number=99, valid_from="2021-01-01T00:00:00Z")

    with pytest.raises(IntegrityError, match="needs a live agreement"):
        insert(promotion(), words=other.pk)


@pytest.mark.django_db
def test_raw_sql_with_an_ended_agreement_is_refused():
    withdraw((like := promotion()).contact)

    with pytest.raises(IntegrityError, match="needs a live agreement"):
        insert(like)


@pytest.mark.django_db
def test_raw_sql_with_another_persons_agreement_is_refused():
    other = ContactFactory(agrees_to=[Purpose.SEMINAR]).consent_events.get()

    with pytest.raises(IntegrityError, match="needs a live agreement"):
        insert(promotion(), event=other.pk, words=other.text_version_id)


@pytest.mark.usefixtures("impossible_rows")
@pytest.mark.django_db
def test_an_agreement_for_another_address_is_refused():
    like = promotion()
    Contact.objects.filter(pk=like.contact_id).update(email="new@example.org", email_fingerprint="f" * 64)

    with pytest.raises(IntegrityError, match="needs a live agreement"):
        insert(like, to="new@example.org")


@pytest.mark.django_db
def test_raw_sql_cannot_begin_to_send_after_the_agreement_ended():
    message = promotion(
        state="claimed", claim_token="00000000-0000-4000-8000-000000000001", lease_until="2030-01-01T00:00:00Z"
    )
    withdraw(message.contact)

    with pytest.raises(IntegrityError, match="needs a live agreement"), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(state="sending")


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["consent_event_id", "text_version_id"])
def test_the_agreement_of_a_message_is_fixed(column):
    with pytest.raises(IntegrityError, match="is fixed"), connection.cursor() as cursor, transaction.atomic():
        cursor.execute(f"UPDATE outbox_message SET {column} = NULL WHERE id = %s", [promotion().pk])


@pytest.mark.django_db
def test_information_needs_no_agreement():
    assert MessageFactory().consent_event is None


@pytest.mark.xdist_group("workshop")
def test_what_only_the_database_knows_withholds_the_mail(committed, smtp, monkeypatch):
    """The last word is the trigger's, should the question before it ever be wrong."""
    message = promotion()
    withdraw(message.contact)
    monkeypatch.setattr(engine.last_check, "reason_against", lambda *asked: "")

    drain()

    message.refresh_from_db()
    assert (message.state, message.reason, smtp.received) == ("withheld", "no proof", [])
