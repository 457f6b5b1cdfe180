"""One rule decides who sees a contact, on every page alike (P3)."""

import pytest
from django.urls import reverse

from access.roles import Role
from contacts import duplicates
from contacts.models import Contact
from contacts.search import search
from tests.factories import ContactFactory, TeamFactory, UserFactory, let_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role)
def test_pages_lookup_list_and_duplicates_show_the_same_contacts(client, role):
    user, missions = UserFactory(role=role), TeamFactory(name="Trade Missions")
    world = [
        ContactFactory(name=f"Fogwhistle Number{place}", email=f"number{place}@example.org", team=team, restricted=shut)
        for place, (team, shut) in enumerate((team, shut) for team in (user.team, missions) for shut in (False, True))
    ]
    world.append(ContactFactory(name="Fogwhistle Number4", email="number4@example.org", team=missions, restricted=True))
    let_in(user, world[4])
    client.force_login(user)
    typed = {"name": "", "name_latin": "", "phone": "", "mobile": "", "fax": ""}

    listed = client.get(reverse("contacts:lookup")).text
    surfaces = {
        "direct": {c.pk for c in world if client.get(c.get_absolute_url()).status_code == 200},
        "list": {c.pk for c in world if str(c.uid) in listed},
        "lookup": {m.contact.pk for m in search("fogwhistle", user).matches},
        "duplicates": {
            m.contact.pk for c in world for m in duplicates.look({**typed, "email": c.email}, user=user).certain
        },
    }

    visible = set(Contact.objects.visible_to(user).values_list("pk", flat=True))
    assert {name: found for name, found in surfaces.items() if found != visible} == {}
