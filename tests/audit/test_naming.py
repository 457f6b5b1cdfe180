"""What records are called that have no reference of their own: after what they belong to (R-AUD-02)."""

import pytest

from access.roles import Role
from audit.models import AccessEvent, LogEntry
from audit.reports import naming
from audit.reports.merged import Place
from audit.reports.rows import rows_of, say_count
from outbox.services import make_content
from tests.factories import CallFactory, ContactFactory, NoteFactory, TeamFactory, UserFactory
from tests.world import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return UserFactory(role=Role.PRIVACY_OFFICER)


def called(record, user):
    entry = LogEntry.objects.filter(
        content_type__model=record._meta.model_name, object_id=record.pk, action=LogEntry.Action.CREATE
    ).latest("pk")
    return rows_of([Place(entry.timestamp, 0, entry.pk)], user)[0].record


def test_a_text_is_called_after_the_contact_of_its_note(officer):
    contact = ContactFactory()
    note = NoteFactory(contact=contact)

    for record in [note, note.revisions.get()]:
        assert (called(record, officer).ref, called(record, officer).url) == (contact.ref, contact.get_absolute_url())


def test_a_note_of_a_caller_whom_nobody_knows_is_called_after_the_call(officer):
    note = NoteFactory(contact=None, team=officer.team or TeamFactory())
    call = CallFactory(contact=None, note=note)

    assert called(note, officer).ref == called(note.revisions.get(), officer).ref == call.ref


def test_the_words_of_an_e_mail_are_called_by_their_subject(officer):
    content = make_content(language="en", subject="The information you asked for", text="Hello", html="<p>Hello</p>")

    named = called(content, officer)

    assert (named.kind, named.ref) == ("Words of an e-mail", "The information you asked for")


def test_what_was_recorded_of_a_contact_s_notes_is_found_by_its_reference(officer):
    revision = NoteFactory(contact=ContactFactory()).revisions.get()
    contact = revision.note.contact

    keys, _uids = naming.about(naming.find(contact.ref))

    assert revision.pk in keys[type(revision)]


def test_no_entry_says_a_key_that_nobody_knows(officer):
    make_world()
    places = [Place(at, 0, pk) for at, pk in LogEntry.objects.values_list("timestamp", "pk")]

    assert [row.record.ref for row in rows_of(places, officer) if "(#" in row.record.ref] == []


def test_how_much_a_lookup_found_is_not_called_rows():
    assert say_count(AccessEvent.Kind.SEARCHED, 0) == "0 found"
    assert say_count(AccessEvent.Kind.LISTED, 1) == "1 row"
