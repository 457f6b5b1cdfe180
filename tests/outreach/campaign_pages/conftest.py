from datetime import UTC, datetime

import pytest

from access.roles import Role
from contacts.choices import Purpose
from outreach.campaigns import releasing
from tests.factories import ContactFactory, EventFactory, UserFactory
from tests.outreach.campaign_pages.pages import NOW, approved


@pytest.fixture
def event(time_machine):
    time_machine.move_to(NOW)
    starts_at = datetime(2027, 2, 9, 1, 0, tzinfo=UTC)
    return EventFactory(kind="trade_mission", title="Alberta in Manila", countries=["PH"], starts_at=starts_at)


@pytest.fixture
def people(event):
    """Two who get it, one of them in French; one who lives elsewhere, one who never agreed."""
    agreed = {"agrees_to": [Purpose.TRADE_MISSION], "origin_country": "PH"}
    return [
        ContactFactory(name="Jose Ramirez", **agreed),
        ContactFactory(name="Marie Lakan", language="fr", **agreed),
        ContactFactory(name="Olena Elsewhere", agrees_to=[Purpose.TRADE_MISSION], origin_country="UA"),
        ContactFactory(name="Nobody Asked", origin_country="PH"),
    ]


@pytest.fixture
def lead(client, team_lead, people):
    client.force_login(team_lead)
    return client


@pytest.fixture
def boss(people):
    return UserFactory(role=Role.MANAGER, team=None)


@pytest.fixture
def leaving(lead, event, boss, time_machine):
    campaign = approved(lead, event, boss)
    time_machine.move_to(datetime(2026, 11, 25, 16, 31, tzinfo=UTC))
    lead.force_login(boss)
    releasing.tick(now=datetime(2026, 11, 25, 16, 31, tzinfo=UTC))
    campaign.refresh_from_db()
    assert campaign.state == "sending"
    return campaign
