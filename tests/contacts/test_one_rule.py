"""One rule decides who sees a contact, on every page alike (P3, P8)."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.roles import Role
from contacts import duplicates
from contacts.listing import COUNT_UP_TO, count_capped
from contacts.models import Contact
from contacts.models.grants import FEW
from contacts.organisations import organisations_like
from contacts.search import search
from tests.factories import CallFactory, ContactFactory, TeamFactory, UserFactory, let_in, says_why

pytestmark = pytest.mark.django_db
TYPED = {"name": "", "name_latin": "", "phone": "", "mobile": "", "fax": ""}


@pytest.fixture(params=Role)
def user(request):
    return UserFactory(role=request.param)


@pytest.fixture
def world(user):
    """Standard and restricted records of one's own and of another team, and a restricted one that was opened."""
    missions = TeamFactory(name="Trade Missions")
    places = [(team, shut) for team in (user.team, missions) for shut in (False, True)] + [(missions, True)]
    contacts = [
        ContactFactory(
            name=f"Fogwhistle Number{place}",
            email=f"number{place}@example.org",
            organisation=f"Fogwhistle Works {place}",
            team=team,
            restricted=shut,
        )
        for place, (team, shut) in enumerate(places)
    ]
    let_in(user, contacts[4])
    for contact in contacts:
        says_why(user, contact)
    return contacts


def exported(client):
    response = client.post(reverse("contacts:export"), {"reason": "Invitation list"})
    text = b"".join(response.streaming_content).decode("utf-8-sig") if response.streaming else ""
    return "\n".join(",".join(row) for row in csv.reader(io.StringIO(text)))


def test_every_surface_shows_the_same_contacts(client, user, world):
    client.force_login(user)
    pages = {name: client.get(reverse(f"contacts:{name}")).text for name in ("lookup", "print")}

    surfaces = {
        "direct": {c.pk for c in world if client.get(c.get_absolute_url()).status_code == 200},
        "print of one": {
            c.pk for c in world if client.get(reverse("contacts:print_record", args=[c.uid])).status_code == 200
        },
        "notes": {c.pk for c in world if client.get(reverse("contacts:notes", args=[c.uid])).status_code == 200},
        "list": {c.pk for c in world if str(c.uid) in pages["lookup"]},
        "print of the list": {c.pk for c in world if c.name in pages["print"]},
        "lookup": {m.contact.pk for m in search("fogwhistle", user).matches},
        "duplicates": {
            m.contact.pk for c in world for m in duplicates.look({**TYPED, "email": c.email}, user=user).certain
        },
        "organisations": {
            c.pk for c in world if any(m.name == c.organisation for m in organisations_like(c.organisation, user))
        },
    }
    if user.has_perm("contacts.export_contact"):
        text = exported(client)
        surfaces["export"] = {c.pk for c in world if c.name in text}

    visible = set(Contact.objects.visible_to(user).values_list("pk", flat=True))
    assert {name: found for name, found in surfaces.items() if found != visible} == {}
    assert count_capped(Contact.objects.visible_to(user).active(), COUNT_UP_TO) == len(visible)


def test_a_timeline_links_to_no_record_out_of_reach(client, specialist):
    """A call of the contact, and one of somebody hidden: the page of the first names nothing of the second."""
    known, hidden = ContactFactory(), ContactFactory(name="Baron Fogwhistle-Lee", restricted=True)
    CallFactory(contact=known)
    CallFactory(contact=hidden)
    client.force_login(specialist)

    text = client.get(known.get_absolute_url()).text

    assert str(hidden.uid) not in text
    assert "Fogwhistle" not in text


def asks_for_grants(statement):
    return bool(re.search("contacts_contact(user|group)grant", statement["sql"]))


@pytest.mark.parametrize("page", ["list", "lookup"])
def test_permission_is_asked_once_however_many_grants_are_named(client, specialist, page):
    missions = TeamFactory(name="Trade Missions")
    client.force_login(specialist)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            if page == "list":
                client.get(reverse("contacts:lookup"))
            else:
                client.post(reverse("contacts:lookup"), {"q": "fogwhistle"})
        return len(asked), len(list(filter(asks_for_grants, asked)))

    def let_in_some(count):
        for place in range(count):
            let_in(specialist, ContactFactory(name=f"Fogwhistle Number{place}", team=missions))

    let_in_some(10)  # as many as a page of matches: fewer would also be looked for misspelt
    cost()  # what is looked up once per process
    few = cost()
    let_in_some(FEW - 10)
    many = cost()
    let_in_some(10)
    queries, _asked_for_grants = cost()

    assert (many, few[1]) == (few, 1)
    assert queries == few[0]


def test_who_holds_more_grants_than_are_named_sees_those_in_force(specialist, time_machine):
    """Beyond some, the tables are asked in each query: the answer is the same."""
    time_machine.move_to("2026-11-23T16:00:00Z", tick=False)
    contacts = ContactFactory.create_batch(FEW + 2, team=TeamFactory(name="Trade Missions"))
    for days, contact in enumerate(contacts):
        let_in(specialist.team if days % 2 else specialist, contact, days=1 + days % 2)

    def seen():
        fresh = type(specialist).objects.get(pk=specialist.pk)
        return set(Contact.objects.visible_to(fresh)), set(Contact.objects.changeable_by(fresh))

    assert seen() == (set(contacts), set())
    time_machine.move_to("2026-11-24T16:00:00Z", tick=False)
    assert seen() == (set(contacts[1::2]), set())
    let_in(specialist, contacts[0], "view_contact", "change_contact")
    assert seen() == ({contacts[0], *contacts[1::2]}, {contacts[0]})


def test_a_grant_ends_on_its_moment_for_a_user_who_was_asked_before(specialist, time_machine):
    time_machine.move_to("2026-11-23T16:00:00Z", tick=False)
    contact = ContactFactory(restricted=True)
    let_in(specialist, contact, days=1)
    visible = Contact.objects.visible_to(specialist).filter(pk=contact.pk)

    assert visible.exists()
    time_machine.move_to("2026-11-24T16:00:00Z", tick=False)
    assert not Contact.objects.visible_to(specialist).filter(pk=contact.pk).exists()
