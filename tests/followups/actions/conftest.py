import pytest

from contacts.choices import Purpose
from i2a import clock
from tests.factories import ContactFactory, FollowUpFactory, TeamFactory, UserFactory
from tests.followups.actions.pages import NOW


@pytest.fixture(autouse=True)
def clock_stands(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def specialist(client):
    user = UserFactory(team=TeamFactory(name="Phone"))
    client.force_login(user)
    return user


@pytest.fixture
def caller(specialist):
    return ContactFactory(team=specialist.team, phone="+14035550142", agrees_to=[Purpose.SEMINAR])


@pytest.fixture
def follow_up(specialist, caller):
    return FollowUpFactory(contact=caller, assigned_to=specialist, asked="Q1")
