"""Who may be let in, whom nobody knows yet, and the pages of it (R-CON-11, F92)."""

import pytest
from django.urls import reverse

from tests.factories import ContactFactory, TeamFactory, UserFactory


@pytest.fixture
def missions(db):
    return TeamFactory(name="Trade Missions")


@pytest.fixture
def jun(missions):
    return UserFactory(username="jun", team=missions)


@pytest.fixture
def baron(db):
    return ContactFactory(name="Baron Thaddeus Fogwhistle-Lee")


@pytest.fixture
def acting(client):
    """Sign in and open or send one of the pages."""

    def act(user, name, *args, follow=False, **post):
        client.force_login(user, backend="access.backends.RoleBackend")
        address = reverse(f"contacts:{name}", args=args)
        return client.post(address, post, follow=follow) if post else client.get(address)

    return act


@pytest.fixture
def decide(acting):
    def decide(user, contact, **change):
        contact.refresh_from_db()
        boxes = {"team": contact.team_id, "reason": "Sensitive investor file", "version": contact.version}
        return acting(user, "access", contact.uid, **boxes | change)

    return decide
