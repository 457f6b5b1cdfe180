import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from audit.actor import acting_as, acting_as_system
from audit.history import history_of
from audit.models import LogEntry
from i2a import clock
from outbox.models import Message, MessageEvent
from outbox.states import TRANSITIONS, Rows, State, Step, take
from tests.factories import ContentFactory, MessageFactory
from tests.outbox.steps import promotion

TOKEN = "00000000-0000-4000-8000-000000000001"
pytestmark = pytest.mark.django_db


def execute(sql: str, *parameters) -> None:
    """As the app role, without the ORM."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def message_in(state: State) -> Message:
    return MessageFactory(state=state, claim_token=TOKEN, lease_until=clock.now(), sent_at=clock.now())


@pytest.mark.parametrize("after", State)
@pytest.mark.parametrize("before", State)
def test_the_database_knows_the_same_transitions_as_the_code(before, after):
    message = message_in(before)

    def move() -> None:
        execute("UPDATE outbox_message SET state = %s WHERE id = %s", after.value, message.pk)

    if after == before or after in TRANSITIONS.get(before, []):
        move()
    else:
        with pytest.raises(IntegrityError, match="cannot go from"):
            move()


def test_nothing_leaves_an_end_state():
    assert not {State.CANCELLED, State.WITHHELD, State.FAILED, State.BOUNCED} & TRANSITIONS.keys()


def test_only_what_was_asked_for_is_ever_sent_a_second_time():
    invitation = promotion(state="sent", sent_at=clock.now())

    with pytest.raises(IntegrityError, match="cannot go from sent to queued"):
        execute("UPDATE outbox_message SET state = 'queued' WHERE id = %s", invitation.pk)


@pytest.mark.parametrize(
    "change",
    [
        "message_id = '<other@example.org>'",
        "uid = gen_random_uuid()",
        "kind = 'survey'",
        "content_id = {other_content}",
    ],
)
def test_what_a_message_is_and_says_is_fixed(change):
    message = MessageFactory()
    other = ContentFactory(text="Other words.")

    with pytest.raises(IntegrityError, match="is fixed"):
        execute(f"UPDATE outbox_message SET {change.format(other_content=other.pk)} WHERE id = %s", message.pk)


@pytest.mark.parametrize("verb", ["UPDATE outbox_messageevent SET detail = 'x'", "DELETE FROM outbox_messageevent"])
def test_events_cannot_be_changed_by_the_app_role(verb):
    MessageEvent.objects.create(message=MessageFactory(), state="queued", at=clock.now(), actor_label="x")

    with pytest.raises(Exception, match="permission denied"):
        execute(verb)


def test_a_message_with_events_cannot_be_deleted():
    event = MessageEvent.objects.create(message=MessageFactory(), state="queued", at=clock.now(), actor_label="x")

    with pytest.raises(ProtectedError):
        event.message.delete()
    with pytest.raises(IntegrityError):
        execute("DELETE FROM outbox_message WHERE id = %s; SET CONSTRAINTS ALL IMMEDIATE", event.message_id)


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("message_kind_known", {"kind": "advert"}),
        ("message_state_known", {"state": "lost"}),
        ("message_promotion_rests_on_consent", {"kind": "seminar"}),
        ("message_sent_says_when", {"state": "sent"}),
        ("message_claim_has_lease", {"state": "claimed"}),
        ("message_one_recipient", {"to_email": "a@example.org,b@example.org"}),
        ("message_one_recipient", {"to_email": "a@example.org\r\nBcc: b@example.org"}),
        ("message_one_recipient", {"to_email": ""}),
    ],
)
def test_the_table_keeps_its_rules(constraint, columns):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        MessageFactory(**columns)


def test_a_message_is_made_once_per_purpose_and_contact():
    message = MessageFactory()

    with pytest.raises(IntegrityError, match="message_once_per_purpose"), transaction.atomic():
        MessageFactory(contact=message.contact, purpose_key=message.purpose_key)


def test_a_subject_is_one_line():
    with pytest.raises(IntegrityError, match="content_subject_is_one_line"), transaction.atomic():
        ContentFactory(subject="One\r\nBcc: all@example.org")


def test_a_step_writes_row_event_and_audit_entry(specialist):
    message, at = MessageFactory(), clock.now()

    with acting_as(specialist), connection.cursor() as cursor:
        step = Step(State.WITHHELD, at=at, detail="because", columns={"reason": "no e-mail"})
        took = take(cursor, Rows("id = %s", [message.pk], "FOR UPDATE"), step)

    message.refresh_from_db()
    assert (took, message.state, message.reason) == ([message.pk], "withheld", "no e-mail")
    event = message.events.get()
    assert (event.state, event.at, event.actor_label, event.detail) == ("withheld", at, "maya", "because")
    entry = LogEntry.objects.get_for_object(message).latest("pk")
    assert entry.changes == {"state": ["queued", "withheld"], "reason": ["", "no e-mail"]}
    assert (entry.actor, entry.actor_label, entry.actor_email) == (specialist, "maya", specialist.email)
    assert (entry.object_repr, entry.timestamp) == (str(message), at)


def test_the_entry_looks_like_one_of_auditlogs_own():
    """The same change by `save()` and by `take`: the history page must not tell them apart."""
    saved, taken, at = MessageFactory(), MessageFactory(), clock.now()

    with acting_as_system("drain"), connection.cursor() as cursor:
        saved.state, saved.reason = "withheld", "no e-mail"
        saved.save()
        step = Step(State.WITHHELD, at=at, columns={"reason": "no e-mail"})
        take(cursor, Rows("id = %s", [taken.pk], "FOR UPDATE"), step)

    theirs, ours = (LogEntry.objects.get_for_object(message).latest("pk") for message in [saved, taken])
    same = ["content_type_id", "action", "changes", "changes_text", "actor_id", "actor_label", "cid", "remote_addr"]
    assert [getattr(ours, name) for name in same] == [getattr(theirs, name) for name in same]
    assert (ours.object_pk, ours.object_id, ours.object_repr) == (str(taken.pk), taken.pk, str(taken))


def test_the_history_tells_the_steps_in_words():
    message = MessageFactory()

    with acting_as_system("drain"), connection.cursor() as cursor:
        take(cursor, Rows("id = %s", [message.pk]), Step(State.CANCELLED, at=clock.now(), columns={"to_email": ""}))

    newest = history_of(message)[0]
    assert newest.by == "The system (sending of mail)"
    words = {change.label: change.words for change in newest.changes}
    assert words["state"] == "Queued to Cancelled"
    assert message.contact.email not in str(words)


def test_a_step_leaves_other_messages_alone():
    ours, other = MessageFactory(), MessageFactory()

    with connection.cursor() as cursor:
        took = take(cursor, Rows("id = %s AND state = 'queued'", [ours.pk]), Step(State.CANCELLED, at=clock.now()))

    other.refresh_from_db()
    assert (took, other.state, other.events.count()) == ([ours.pk], "queued", 0)
