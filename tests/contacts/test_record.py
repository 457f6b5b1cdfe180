"""The contact page: what it shows, to whom, and what it costs."""

from collections import Counter
from copy import copy
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.actor import acting_as
from audit.models import AccessEvent, LogEntry
from contacts import timeline
from contacts.choices import FutureContact, Purpose
from contacts.models import ConsentEvent, Note
from contacts.services import contacts
from contacts.views import record
from i2a import clock
from i2a.keyset import token_of
from tests.contacts.steps import HOME, answer
from tests.factories import (
    LONG_AGO,
    CallFactory,
    ContactFactory,
    FollowUpFactory,
    MessageFactory,
    TeamFactory,
    let_in,
    says_why,
)

pytestmark = pytest.mark.django_db

# Session, person with roles, grants; contact, ledger, open drafts, follow-up they owe, record of opening; the timeline;
# who acts for whom; information sent; upcoming events; follow-ups to count. In a test two more: the savepoint that
# stands for the transaction of a request.
MOST_QUERIES = 13 + 2


def page_of(client, user, contact, **query):
    client.force_login(user)
    if user.team is None:
        says_why(user, contact)
    return client.get(reverse("contacts:detail", args=[contact.uid]), query)


def text_of(*args, **query):
    return page_of(*args, **query).content.decode()


def test_the_page_shows_who_it_is_and_what_they_agreed_to(client, specialist):
    contact = ContactFactory(name="أحمد النجّار الخيالي", name_latin="Ahmad al-Najjar", agrees_to=[Purpose.SEMINAR])

    html = text_of(client, specialist, contact)

    assert '<bdi dir="auto" class="muted fw-normal">أحمد النجّار الخيالي</bdi>' in html
    assert "May be contacted" in html
    assert "The exact words that were read" in html
    assert "You can say no." in html
    assert "Agreed to future contact" in html


def test_the_title_names_nobody(client, specialist):
    contact = ContactFactory(name="Ngozi Parable-Eze")

    assert "<title>Contact" in text_of(client, specialist, contact)


@pytest.mark.parametrize(
    ("traits", "words"),
    [
        ({}, "Nobody has asked yet"),
        ({"declines": True}, "Declined future contact"),
        ({"do_not_contact": True, "do_not_contact_at": LONG_AGO}, "Do not contact"),
        ({"restricted": True}, "Restricted"),
        ({"materials_only": True}, "Materials by e-mail only"),
        ({"phone": "+971505550147"}, "(United Arab Emirates)"),
        ({"citizenship": "PH"}, "Philippines"),
        ({"name": "<b>Bold</b>"}, "&lt;b&gt;Bold&lt;/b&gt;"),
        ({"name": "", "organisation": "Imaginary Foods"}, "Imaginary Foods"),
    ],
)
def test_every_situation_is_said_in_words(client, specialist, traits, words):
    contact = ContactFactory(**traits)
    let_in(specialist, contact)

    assert words in text_of(client, specialist, contact)


def test_opening_a_record_is_recorded(client, specialist):
    contact = ContactFactory()

    page_of(client, specialist, contact)

    event = AccessEvent.objects.get(kind="viewed")
    assert (event.actor, event.object_uid, event.object_type) == (specialist, contact.uid, "contacts.contact")


# who may


@pytest.mark.parametrize(
    ("person", "status"),
    [("specialist", 200), ("team_lead", 200), ("manager", 200), ("privacy_officer", 200), ("access_admin", 403)],
)
def test_the_page_by_role(client, request, person, status):
    assert page_of(client, request.getfixturevalue(person), ContactFactory()).status_code == status


@pytest.mark.parametrize(("person", "may"), [("specialist", True), ("manager", True), ("privacy_officer", False)])
def test_who_may_correct_sees_the_link(client, request, person, may):
    contact = ContactFactory()

    html = text_of(client, request.getfixturevalue(person), contact)

    assert (reverse("contacts:edit", args=[contact.uid]) in html) is may


def test_a_manager_starts_no_calls(client, manager):
    assert "Start a call" not in text_of(client, manager, ContactFactory())


@pytest.mark.parametrize("traits", [{"restricted": True}, {"team": "Trade Missions"}])
@pytest.mark.parametrize("page", ["contacts:detail", "contacts:edit"])
def test_a_record_out_of_reach_answers_403_says_nothing_and_is_recorded(client, specialist, traits, page):
    if "team" in traits:
        traits = {"team": TeamFactory(name=traits["team"])}
    contact = ContactFactory(name="Thaddeus Fogwhistle-Lee", **traits)
    client.force_login(specialist)

    response = client.get(reverse(page, args=[contact.uid]))

    assert response.status_code == 403
    assert "You do not have access to this record. This attempt has been recorded." in response.content.decode()
    assert "Fogwhistle" not in response.content.decode()
    event = AccessEvent.objects.get(kind="denied")
    assert (event.actor, event.object_uid) == (specialist, contact.uid)


def test_an_unknown_record_is_not_found(client, specialist):
    client.force_login(specialist)

    assert client.get(reverse("contacts:detail", args=[uuid4()])).status_code == 404


def test_a_grant_on_the_record_opens_it_for_reading_only(client, specialist):
    contact = ContactFactory(restricted=True)
    let_in(specialist, contact)

    assert page_of(client, specialist, contact).status_code == 200
    assert client.get(reverse("contacts:edit", args=[contact.uid])).status_code == 403


def test_a_grant_to_change_opens_the_edit_page(client, specialist):
    contact = ContactFactory(restricted=True)
    let_in(specialist, contact, "view_contact", "change_contact")
    client.force_login(specialist)

    assert client.get(reverse("contacts:edit", args=[contact.uid])).status_code == 200


def test_a_stranger_is_sent_to_sign_in(client):
    response = client.get(reverse("contacts:detail", args=[ContactFactory().uid]))

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


# the timeline


def test_changes_are_told_in_words_and_without_personal_values(client, specialist):
    with acting_as(specialist):
        contact = ContactFactory(agrees_to=[Purpose.SEMINAR], phone="+14035550142", category="employer")
        values = {**HOME, "phone": "+17805550117", "category": "investor", "citizenship": "PH"}
        contacts.change_contact(contact=contact, values=values, version=contact.version, by=specialist, now=clock.now())

    html = text_of(client, specialist, contact, show="changes")

    assert "Phone changed" in html
    assert "Address added" in html
    assert "Category: Employer to Investor" in html
    assert "Citizenship: Philippines" in html
    assert "Record created" in html
    assert "403-555-0142" not in html


def test_an_erased_address_is_told_without_the_address(client, specialist):
    with acting_as(specialist):
        contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
        contact = contacts.change_contact(
            contact=contact, values=HOME, version=contact.version, by=specialist, now=clock.now()
        )
        answer(contact, FutureContact.DECLINED, specialist)

    html = text_of(client, specialist, contact)

    assert "Address removed" in html
    assert "Make-Believe" not in html


def test_a_tab_shows_its_kind_only(client, specialist):
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])

    html = text_of(client, specialist, contact, show="changes")

    assert "Record created" in html
    assert "Agreed to future contact" not in html


def test_older_entries_are_a_page_away(client, specialist):
    contact = ContactFactory()
    for number in range(35):
        contacts.change_contact(
            contact=contact, values={"category_other": f"x{number}"}, version=number + 1, by=specialist, now=clock.now()
        )

    first = page_of(client, specialist, contact, show="changes")
    second = client.get(reverse("contacts:detail", args=[contact.uid]) + first.context["earlier"])

    shown = [sum(len(entries) for _day, entries in page.context["page"].days) for page in (first, second)]
    assert shown == [30, 6]  # 35 changes and the creation
    assert second.context["earlier"] == ""


BROKEN_PLACES = [
    {"before": token_of(*parts)}
    for parts in [
        ["2026-11-20", 0, 1],
        ["2026-11-20T10:00:00+00:00", 0],
        ["2026-11-20T10:00:00+00:00", "x", 1],
        ["2026-11-20T10:00:00+00:00", 0, "9" * 50],
        ["9999-12-31T23:59:59+00:00", 0, 1],
    ]
]


@pytest.mark.parametrize(
    "query", [{"show": "nonsense"}, {"before": "yesterday"}, {"before": "2026-11-20"}, {"show": "\x00"}, *BROKEN_PLACES]
)
def test_a_broken_link_shows_the_newest(client, specialist, query):
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])

    assert "Agreed to future contact" in text_of(client, specialist, contact, **query)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("calls", "No calls so far."),
        ("mail", "No e-mails so far."),
        ("campaigns", "No invitations so far."),
        ("followups", "No follow-ups so far."),
        ("notes", "No notes of their own."),
        ("consents", "Nobody has asked yet."),
    ],
)
def test_an_empty_tab_says_so_in_its_own_words(client, specialist, kind, words):
    assert words in text_of(client, specialist, ContactFactory(), show=kind)


def test_what_happened_at_one_instant_is_paged_without_gap_or_repetition(client, specialist):
    """One moment can hold more entries of one kind than a page: an import, a mailing."""
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    add_history(contact, specialist, 45, timedelta(0))
    pages, link = [], ""
    while link or not pages:
        client.force_login(specialist)
        response = client.get(reverse("contacts:detail", args=[contact.uid]) + link)
        pages.append(response.context["page"].entries)
        link = response.context["earlier"]
    whole = timeline.page_of(contact, specialist, limit=10_000)

    assert {len(entries) for entries in pages[:-1]} == {timeline.PAGE}
    assert [entry for entries in pages for entry in entries] == whole.entries
    assert Counter(entry.kind for entry in whole.entries if entry.at == LONG_AGO)["calls"] >= 45


# on paper


def print_of(client, user, contact, **query):
    client.force_login(user)
    return client.get(reverse("contacts:print_record", args=[contact.uid]), query)


def test_a_print_says_who_printed_it_and_has_no_navigation(client, specialist):
    html = print_of(client, specialist, ContactFactory(agrees_to=[Purpose.SEMINAR])).content.decode()

    assert "Printed by Maya Okafor-Lindqvist" in html
    assert "Agreed to future contact" in html
    assert '<nav class="rail"' not in html


def test_a_print_is_recorded_as_one(client, specialist):
    contact = ContactFactory()

    print_of(client, specialist, contact)

    event = AccessEvent.objects.get(object_uid=contact.uid)
    assert (event.kind, event.actor) == ("printed", specialist)


def test_printing_takes_what_is_on_the_screen(client, specialist):
    contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
    assert f"/contacts/{contact.uid}/print/?show=changes" in text_of(client, specialist, contact, show="changes")

    html = print_of(client, specialist, contact, show="changes").content.decode()

    assert "What happened: Changes" in html
    assert "Agreed to future contact</h3>" not in html
    assert f"/contacts/{contact.uid}/?show=changes" in html


def test_a_record_out_of_reach_is_not_printed(client, specialist):
    contact = ContactFactory(restricted=True)

    assert print_of(client, specialist, contact).status_code == 403
    assert AccessEvent.objects.get(object_uid=contact.uid).kind == "denied"


def test_a_print_says_that_older_entries_are_missing(client, specialist, monkeypatch):
    monkeypatch.setattr(record, "ENTRIES_ON_PAPER", 2)
    contact = ContactFactory()
    for days in range(4):
        CallFactory(specialist=specialist, contact=contact, started_at=LONG_AGO + timedelta(days=days))

    assert "Older entries are not printed here." in print_of(client, specialist, contact).content.decode()


# what it costs


def copies(row, field, instants, **unique):
    """The row once more at each instant, written without side effects."""
    twins = []
    for number, at in enumerate(instants):
        twin = copy(row)
        twin.pk, twin.uid, twin.form_uuid = None, uuid4(), uuid4()
        for name, value in {field: at, **{name: f"{value}{number}" for name, value in unique.items()}}.items():
            setattr(twin, name, value)
        twins.append(twin)
    type(row).objects.bulk_create(twins)


def add_history(contact, by, length, apart=timedelta(hours=1)):
    """`length` entries of every kind; the contact has agreed to seminars."""
    entries = range(length)
    at = [LONG_AGO + apart * number for number in entries]
    copies(CallFactory(contact=contact, specialist=by), "started_at", at, ref=f"X-{length}-")
    agreed = contact.consent_states.get(purpose="seminar", channel="email").event
    for kind, event in [("information", None), ("seminar", agreed)]:
        message = MessageFactory(contact=contact, created_by=by, kind=kind, consent_event=event)
        copies(message, "created_at", at, purpose_key=f"{kind} {length} ", message_id=f"<{kind}.{length}.")
    follow_up = FollowUpFactory(contact=contact, team=by.team, assigned_to=by, created_by=by)
    copies(follow_up, "created_at", at)
    copies(Note.objects.create(contact=contact, team=by.team, created_by=by, created_at=at[0]), "created_at", at)
    said = {"purpose": "seminar", "channel": "email", "status": "granted", "basis": "express", "source": "call"}
    proof = {"text_version": agreed.text_version, "email_fingerprint": contact.email_fingerprint, "language": "en"}
    ConsentEvent.objects.bulk_create(
        ConsentEvent(contact=contact, at=at[n], recorded_by=by, **proof, **said) for n in entries
    )
    for number in entries:
        LogEntry.objects.log_create(
            contact, force_log=True, action=1, changes={"category_other": [str(number), "x"]}, timestamp=at[number]
        )


def test_the_page_costs_the_same_whatever_happened(client, specialist):
    costs = []
    for length in (5, 500):
        contact = ContactFactory(agrees_to=[Purpose.SEMINAR])
        add_history(contact, specialist, length)
        page_of(client, specialist, contact)  # content types are known from now on
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("contacts:detail", args=[contact.uid]))
        costs.append(len(queries))

    assert costs[0] <= MOST_QUERIES
    assert costs[1] <= MOST_QUERIES
