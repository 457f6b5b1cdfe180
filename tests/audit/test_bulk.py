import pytest

from access.models import Team
from audit.actor import acting_as_system
from audit.bulk import create_audited
from audit.models import LogEntry
from contacts.models import Contact
from outbox.models import MessageEvent
from tests.factories import ContactFactory, MessageFactory, TeamFactory

pytestmark = pytest.mark.django_db


def entries(model):
    fields = ["object_pk", "object_id", "object_repr", "action", "changes", "actor", "actor_label"]
    return list(LogEntry.objects.filter(content_type__model=model).order_by("pk").values_list(*fields, named=True))


def test_leaves_the_entries_that_single_saves_would_leave():
    with acting_as_system("test"):
        Team.objects.create(name="Saved")
        create_audited([Team(name="Bulk")])

    saved, bulk = [entry._asdict() for entry in entries("team")]
    names = {"object_pk", "object_id", "object_repr", "changes"}
    assert {name: bulk[name] for name in bulk if name not in names} == {
        name: saved[name] for name in saved if name not in names
    }
    assert bulk["changes"] == saved["changes"] | {"name": ["None", "Bulk"]}
    assert bulk["object_repr"] == "Bulk"
    assert bulk["object_pk"] == str(bulk["object_id"])


def test_masks_what_is_personal():
    team = TeamFactory()
    rows = [ContactFactory.build(team=team, name=f"Secret {number}") for number in range(3)]

    create_audited(rows)

    assert Contact.objects.filter(name__startswith="Secret").count() == 3
    assert "Secret" not in str(entries("contact"))
    assert [entry.object_id for entry in entries("contact")] == [row.pk for row in rows]


def test_rows_without_history_are_just_inserted():
    message = MessageFactory()

    create_audited([MessageEvent(message=message, state="queued", at=message.created_at, actor_label="x")])

    assert MessageEvent.objects.count() == 1
    assert entries("messageevent") == []


def test_nothing_is_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert create_audited([]) == []
