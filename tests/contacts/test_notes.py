"""Notes on a contact (R-NOT-01, R-CAL-11, story 13)."""

from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from audit.models import AccessEvent, LogEntry
from contacts.models import Note, NoteRevision
from contacts.note_pages import compared, page_of
from contacts.services.notes import amend_note
from i2a import clock
from tests.factories import CallFactory, ContactFactory, NoteFactory, TeamFactory, UserFactory, says_why

pytestmark = pytest.mark.django_db
SIN = "This looks like a Social Insurance Number. It must not be recorded."
CARD = "This looks like a payment card number. It must not be recorded."


@pytest.fixture
def contact():
    return ContactFactory(phone="+46454286")


@pytest.fixture
def maya(client, specialist):
    client.force_login(specialist)
    return specialist


def notes_of(contact):
    return reverse("contacts:notes", args=[contact.uid])


def amend_url(note):
    return reverse("contacts:note_amend", args=[note.contact.uid, note.uid])


def add(client, contact, body, **more):
    return client.post(notes_of(contact), {"form_uuid": str(uuid4()), "body": body, **more})


def amend(client, note, body, version, **more):
    return client.post(amend_url(note), {"version": version, "body": body, **more})


def html_of(response):
    return unescape(response.content.decode())


def test_a_note_is_added_with_author_and_time(client, maya, contact):
    response = add(client, contact, "Asked about\r\nthe nominee program.")

    (revision,) = NoteRevision.objects.filter(note__contact=contact)
    assert response.url == notes_of(contact)
    assert (revision.body, revision.author, revision.number) == ("Asked about\nthe nominee program.", maya, 1)


def test_the_banner_says_what_a_note_is_for(client, maya, contact):
    page = html_of(client.get(notes_of(contact)))

    assert "Write facts needed to serve the client. The client may ask to read this." in page


def test_the_dialog_gets_the_fragment_of_the_page(client, maya, contact):
    fragment = html_of(client.get(notes_of(contact), headers={"HX-Request": "true"}))

    assert "<html" not in fragment
    assert "Write facts needed to serve the client." in fragment


def test_the_page_under_the_dialog_keeps_its_address(client, maya, contact):
    note = NoteFactory(contact=contact, created_by=maya, says=["Wants a permit."])
    htmx = {"HX-Request": "true"}
    pages = [
        client.get(notes_of(contact), headers=htmx),
        client.post(notes_of(contact), {"body": "", "form_uuid": str(uuid4())}, headers=htmx),
        client.post(notes_of(contact), {"body": "A fact.", "form_uuid": str(uuid4())}, headers=htmx, follow=True),
        client.get(amend_url(note), headers=htmx),
        client.post(amend_url(note), {"version": 0, "body": "Wants two."}, headers=htmx),
    ]

    assert {page.headers.get("HX-Push-Url") for page in pages} == {"false"}


def test_opening_notes_is_recorded(client, maya, contact):
    note = NoteFactory(contact=contact)

    client.get(notes_of(contact))
    client.get(reverse("contacts:note", args=[contact.uid, note.uid]))

    opened = AccessEvent.objects.filter(kind="viewed", actor=maya).order_by("pk")
    assert [(event.object_type, event.object_uid) for event in opened] == [
        ("contacts.notes", contact.uid),
        ("contacts.note", note.uid),
    ]


def test_the_audit_names_the_note_and_never_its_text(client, maya, contact):
    add(client, contact, "Confidential-looking words.")

    entries = LogEntry.objects.filter(content_type__app_label="contacts", content_type__model__startswith="note")
    assert entries.count() == 2
    assert not any("Confidential" in str(entry.changes) for entry in entries)


def test_the_same_form_twice_makes_one_note(client, maya, contact):
    form = {"form_uuid": str(uuid4()), "body": "Once."}

    answers = [client.post(notes_of(contact), form).status_code for _press in range(2)]

    assert answers == [302, 302]
    assert Note.objects.filter(contact=contact).count() == 1


def test_other_words_in_a_form_that_was_sent_before_make_another_note(client, maya, contact):
    form = {"form_uuid": str(uuid4()), "body": "Arrives on Monday."}

    client.post(notes_of(contact), form)
    for _press in range(2):
        client.post(notes_of(contact), form | {"body": "Arrives on Tuesday."})

    assert sorted(NoteRevision.objects.values_list("body", "number")) == [
        ("Arrives on Monday.", 1),
        ("Arrives on Tuesday.", 1),
    ]


def test_a_form_sent_again_after_its_note_was_amended_makes_no_other(client, maya, contact):
    form = {"form_uuid": str(uuid4()), "body": "Once."}
    client.post(notes_of(contact), form)
    amend_note(note=Note.objects.get(), version=1, body="Twice.", by=maya, now=clock.now())

    client.post(notes_of(contact), form)

    assert Note.objects.count() == 1


def test_a_form_that_made_a_note_elsewhere_makes_none_here(client, maya, contact):
    form = {"form_uuid": str(uuid4()), "body": "Once."}
    client.post(notes_of(ContactFactory()), form)

    assert client.post(notes_of(contact), form).status_code == 404
    assert not Note.objects.filter(contact=contact).exists()


def test_a_form_that_made_a_note_of_somebody_else_makes_none(client, maya, contact):
    form = {"form_uuid": str(uuid4()), "body": "Once."}
    client.post(notes_of(contact), form)
    client.force_login(UserFactory(team=contact.team))

    assert client.post(notes_of(contact), form).status_code == 404
    assert Note.objects.get().created_by == maya


def test_amending_adds_a_revision_and_keeps_the_earlier_one(client, maya, contact):
    note = NoteFactory(contact=contact, created_by=maya, says=["Wants a work permit."])

    amend(client, note, "Wants a study permit.", 1)

    assert [revision.body for revision in note.revisions.order_by("number")] == [
        "Wants a work permit.",
        "Wants a study permit.",
    ]


def test_the_page_of_a_note_shows_what_each_revision_changed(client, maya, contact):
    note = NoteFactory(contact=contact, says=["Wants a work permit.", "Wants a study permit."])

    page = html_of(client.get(reverse("contacts:note", args=[contact.uid, note.uid])))

    assert "<del>work</del><ins>study</ins>" in page


def test_words_are_compared_not_letters():
    assert compared("a work permit", "a study permit now") == [
        ("same", "a "),
        ("removed", "work"),
        ("added", "study"),
        ("same", " permit"),
        ("added", " now"),
    ]


@pytest.mark.parametrize(("role", "status"), [("specialist", 403), ("team_lead", 200), ("manager", 403)])
def test_who_may_amend_somebody_elses_note(client, contact, role, status):
    note = NoteFactory(contact=contact)
    client.force_login(UserFactory(role=role, team=contact.team))

    assert client.get(amend_url(note)).status_code == status


def test_who_may_only_read_the_contact_is_offered_no_form(client, privacy_officer, contact):
    client.force_login(privacy_officer)
    says_why(privacy_officer, contact)

    assert 'name="body"' not in html_of(client.get(notes_of(contact)))
    assert add(client, contact, "Read only.").status_code == 403


def test_a_note_of_another_contact_is_not_found_here(client, maya, contact):
    stranger = NoteFactory(contact=ContactFactory(team=TeamFactory(name="Trade Missions")))

    assert client.get(reverse("contacts:note", args=[contact.uid, stranger.uid])).status_code == 404


def test_the_list_costs_the_same_for_thirty_notes(contact, specialist, django_assert_num_queries):
    NoteFactory.create_batch(30, contact=contact, created_by=specialist)
    specialist.has_perm("contacts.write_note")  # asked once per request

    with django_assert_num_queries(3):
        assert len(page_of(contact, specialist).rows) == 30


def test_more_notes_than_a_page_are_behind_a_link(client, maya, contact):
    NoteFactory.create_batch(31, contact=contact, created_by=maya)

    first = client.get(notes_of(contact)).context["page"]
    second = client.get(f"{notes_of(contact)}?older={first.older}").context["page"]

    assert (len(first.rows), len(second.rows), second.older) == (30, 1, "")


def test_a_note_says_on_which_call_it_was_written(client, maya, contact):
    call = CallFactory(specialist=maya, contact=contact, said="From the call.")

    assert f"Call {call.ref}" in html_of(client.get(notes_of(contact)))


# the guard


@pytest.mark.parametrize(
    ("body", "message"), [("client SIN 080 454 002", SIN), ("SIN 046454287 4111 1111 1111 1111", CARD)]
)
def test_what_must_not_be_recorded_is_refused_and_what_was_typed_stays(client, maya, contact, body, message):
    response = add(client, contact, body, reason="They insist")

    page = html_of(response)
    assert response.status_code == 200
    assert message in page
    assert body in page
    assert not Note.objects.exists()


def test_the_test_value_of_the_requirement_is_refused(client, maya):
    assert SIN in html_of(add(client, ContactFactory(), "client SIN 046 454 286"))


def test_the_contact_s_own_phone_is_never_refused(client, maya, contact):
    assert add(client, contact, "Call 046 454 286").status_code == 302


def test_what_may_be_necessary_needs_a_reason_which_is_kept(client, maya, contact):
    asked = add(client, contact, "Passport AB123456 was stolen.")
    saved = add(client, contact, "Passport AB123456 was stolen.", reason="The embassy asks for it")

    assert "This looks like a passport number. Take it out, or say below why it is necessary." in html_of(asked)
    assert 'name="reason"' in html_of(asked)
    assert saved.status_code == 302
    assert NoteRevision.objects.get().override_reason == "The embassy asks for it"
    assert "The embassy asks for it" in html_of(client.get(notes_of(contact)))


def test_a_reason_is_not_kept_where_none_was_needed(client, maya, contact):
    add(client, contact, "Nothing special.", reason="Just because")

    assert NoteRevision.objects.get().override_reason == ""


def test_amending_something_else_does_not_ask_for_the_reason_again(client, maya, contact):
    note = NoteFactory(contact=contact, created_by=maya)
    amend(client, note, "Passport AB123456.", 1, reason="Embassy")

    page = html_of(client.get(amend_url(note)))

    assert 'value="Embassy"' in page


@pytest.mark.parametrize("body", ["a\x00b", "x" * 4_001, "", "   ", "a\u202eb"])
def test_text_that_cannot_be_a_note_is_answered_in_words(client, maya, contact, body):
    response = add(client, contact, body)

    assert response.status_code == 200
    assert response.context["form"].errors["body"]


def test_four_thousand_characters_fit_however_lines_end(client, maya, contact):
    assert add(client, contact, ("x" * 39 + "\r\n") * 100).status_code == 302


@pytest.mark.parametrize("form_uuid", ["", "x"])
def test_a_form_without_its_number_is_out_of_date(client, maya, contact, form_uuid):
    response = client.post(notes_of(contact), {"form_uuid": form_uuid, "body": "Hello."})

    assert "This page is out of date. Open it again." in html_of(response)


# two people at once


def test_the_slower_one_sees_both_texts_and_nothing_is_saved(client, maya, contact):
    note = NoteFactory(contact=contact, created_by=maya, says=["First."])
    amend(client, note, "Second, by Maya.", 1)
    client.force_login(UserFactory(role="team_lead", team=contact.team))
    entries = LogEntry.objects.count()

    response = amend(client, note, "Second, by the lead.", 1)

    page = html_of(response)
    assert response.status_code == 409
    assert "This record was changed by Maya O. at " in page
    assert "while you were editing. Your entries are shown below; nothing has been saved." in page
    assert "Second, by Maya." in page
    assert "Second, by the lead." in page
    assert LogEntry.objects.count() == entries


def test_one_click_says_it_on_top_and_keeps_both(client, maya, contact):
    note = NoteFactory(contact=contact, created_by=maya, says=["First."])
    amend(client, note, "Second.", 1)

    conflict = amend(client, note, "Third.", 1)
    client.post(amend_url(note), dict(conflict.context["form"].data))

    assert [revision.body for revision in note.revisions.order_by("number")] == ["First.", "Second.", "Third."]


def test_the_dialog_gets_the_conflict_as_a_fragment(client, maya, contact):
    note = NoteFactory(contact=contact, created_by=maya, says=["First.", "Second."])

    form = {"version": 1, "body": "Third."}
    response = client.post(amend_url(note), form, headers={"HX-Request": "true"})

    assert response.status_code == 409
    assert "<html" not in response.content.decode()


def test_pressing_save_twice_is_no_conflict(client, maya, contact):
    note = NoteFactory(contact=contact, created_by=maya, says=["First."])

    answers = [amend(client, note, "Second.", 1).status_code for _press in range(2)]

    assert answers == [302, 302]
    assert note.revisions.count() == 2
