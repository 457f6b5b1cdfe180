"""What our receivers leave is what auditlog's own would, read and written for less (audit.registry)."""

import auditlog.registry as library
import pytest
from auditlog.diff import model_instance_diff

from audit.actor import acting_as_system
from audit.models import LogEntry
from audit.registry import auditlog, created_with
from contacts.models import Contact
from tests.factories import CallFactory, ContactFactory, FollowUpFactory, MessageFactory, TeamFactory

pytestmark = pytest.mark.django_db
NOTHING_SAID = ("None", "None")  # auditlog's, of instants and references that are empty before and after


@pytest.fixture(autouse=True)
def who():
    with acting_as_system("test"):
        yield


@pytest.mark.parametrize("factory", [ContactFactory, CallFactory, FollowUpFactory, MessageFactory])
def test_a_new_record_is_told_in_auditlog_s_own_words(factory, monkeypatch):
    record = factory()
    monkeypatch.setattr(library, "auditlog", auditlog)

    theirs = model_instance_diff(None, type(record).objects.get(pk=record.pk))

    assert created_with(record) == {name: pair for name, pair in theirs.items() if pair != NOTHING_SAID}


def last_changes(record):
    return LogEntry.objects.filter(object_id=record.pk).latest("pk").changes


def test_a_change_is_told_against_what_the_database_holds():
    stale = ContactFactory(category="employer")
    Contact.objects.filter(pk=stale.pk).update(category="investor", do_not_contact=False)

    stale.category = "foreign_national"
    stale.save()

    assert last_changes(stale) == {"category": ["investor", "foreign_national"]}


def test_a_save_of_columns_that_no_history_shows_neither_reads_nor_tells(django_assert_num_queries):
    contact = ContactFactory()
    told = LogEntry.objects.count()

    with django_assert_num_queries(1):
        contact.save(update_fields=["last_activity_at"])

    assert LogEntry.objects.count() == told


def test_only_the_columns_that_are_saved_are_told():
    contact = ContactFactory(category="employer", language="en")
    contact.category, contact.language = "investor", "fr"

    contact.save(update_fields=["category"])

    assert last_changes(contact) == {"category": ["employer", "investor"]}


def test_a_deleted_record_is_told_with_what_it_held():
    team = TeamFactory(name="Chat")
    key = team.pk

    team.delete()

    entry = LogEntry.objects.get(object_id=key, action=LogEntry.Action.DELETE)
    assert entry.changes == {"name": ["Chat", "None"], "is_active": ["True", "None"]}
    assert entry.actor_label == "system:test"
