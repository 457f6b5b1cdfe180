"""Twelve people save one record, one person sends one form twenty times (R-CAL-11, reliability D1, D2).

Requests of their own in threads, on connections of their own, committing for real.
"""

import json
import threading
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from access.models import Team
from audit.models import LogEntry
from calls.models import Call, Topic
from contacts.edit_form import shown_of
from contacts.models import Contact, Note, TextVersion
from tests.factories import (
    CallFactory,
    ContactFactory,
    FollowUpFactory,
    NoteFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("workshop")]
WRITERS, PRESSES = 12, 20


@pytest.fixture
def real(workshop):
    with workshop.database():
        yield workshop


@pytest.fixture
def people(real):
    """A team of its own, and its lead, who may do all of this."""
    team = TeamFactory(name=f"At once {uuid4().hex[:8]}")
    return UserFactory(username=f"lead-{uuid4().hex[:8]}", role="team_lead", team=team)


def at_once(user, requests):
    """The statuses of POSTs that all start at the same moment."""
    together = threading.Barrier(len(requests), timeout=60)
    statuses = []

    def send(url, data):
        client = Client()
        client.force_login(user, backend="access.backends.RoleBackend")
        together.wait()
        statuses.append(client.post(url, data).status_code)
        connections.close_all()

    threads = [threading.Thread(target=send, args=request) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(statuses)


def entries_of(record):
    return LogEntry.objects.filter(content_type__model=record._meta.model_name, object_pk=str(record.pk)).count()


def test_of_twelve_who_amend_a_note_one_wins(people):
    note = NoteFactory(contact=ContactFactory(team=people.team), created_by=people)
    url = reverse("contacts:note_amend", args=[note.contact.uid, note.uid])

    statuses = at_once(people, [(url, {"version": 1, "body": f"Text {number}"}) for number in range(WRITERS)])

    assert statuses == [302] + [409] * (WRITERS - 1)
    assert note.revisions.count() == 2


def test_of_twelve_who_close_a_follow_up_one_wins(people):
    follow_up = FollowUpFactory(assigned_to=people, contact=ContactFactory(team=people.team))
    url = reverse("followups:close", args=[follow_up.uid])
    before = entries_of(follow_up)
    answer = f"call:{CallFactory(specialist=people, contact=follow_up.contact).uid}"
    closings = [{"version": 1, "answer": answer, "outcome": f"Told {number}"} for number in range(WRITERS)]

    statuses = at_once(people, [(url, closing) for closing in closings])

    assert statuses == [302] + [409] * (WRITERS - 1)
    assert entries_of(follow_up) == before + 1


def test_of_twelve_who_correct_a_contact_one_wins(people):
    notice = TextVersion.objects.filter(kind="collection_notice").first()
    contact = ContactFactory(team=people.team, notice_version=notice)
    url, shown = reverse("contacts:edit", args=[contact.uid]), shown_of(contact)
    page = {name: value for name, value in shown.items() if value} | {"version": 1, "seen": json.dumps(shown)}
    before = entries_of(contact)

    statuses = at_once(people, [(url, page | {"name": f"Invented Writer-{number}"}) for number in range(WRITERS)])

    assert statuses == [302] + [409] * (WRITERS - 1)
    assert entries_of(contact) == before + 1


def test_of_twelve_who_correct_a_call_one_wins(people):
    from calls.forms.correct import CorrectForm

    call = CallFactory(specialist=people, said="First.")
    form = CorrectForm(call=call)
    page = {name: form.initial[name] for name in ("version", "note_version", "seen")} | form.saved()
    url = reverse("calls:correct", args=[call.uid])

    statuses = at_once(people, [(url, page | {"note": f"Text {number}"}) for number in range(WRITERS)])

    assert statuses == [302] + [409] * (WRITERS - 1)
    assert call.note.revisions.count() == 2


def test_a_note_sent_twenty_times_is_one_note(people):
    contact = ContactFactory(team=people.team)
    form = {"form_uuid": str(uuid4()), "body": "Once."}

    statuses = at_once(people, [(reverse("contacts:notes", args=[contact.uid]), form)] * PRESSES)

    assert statuses == [302] * PRESSES
    assert Note.objects.filter(contact=contact).count() == 1


def test_a_call_with_a_new_contact_sent_twenty_times_is_one_call_and_one_contact(people):
    client = Client()
    client.force_login(people, backend="access.backends.RoleBackend")
    url = client.post(reverse("calls:start")).url
    form = {
        "name": "Pressed Often-Example",
        "category": "foreign_national",
        "email": f"pressed-{uuid4().hex[:8]}@example.org",
        "notice_given": "on",
        "calling_for": "self",
        "topics": [Topic.objects.get(name="Work permits").pk],
        "note": "Once.",
        "services": ["answered"],
        "follow_up_decision": "none",
        "future_contact": "no",
        "survey_notice": "given",
    }

    statuses = at_once(people, [(url, form)] * PRESSES)

    assert statuses == [302] * PRESSES
    assert Call.objects.filter(team=Team.objects.get(pk=people.team_id)).count() == 1
    assert Contact.objects.filter(team=people.team).count() == 1
