"""Ticks at once, on a real database: one client is asked to be phoned once."""

from datetime import UTC, datetime

import pytest

from audit.actor import acting_as_system
from followups.models import FollowUp
from followups.verifying import open_verifications
from tests.factories import MessageFactory
from tests.threads import at_once

MONDAY = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
pytestmark = pytest.mark.xdist_group("workshop")


def test_three_ticks_at_once_open_one_follow_up(committed):
    message = MessageFactory(state="bounced", reason="came back")

    def tick() -> None:
        with acting_as_system("followups"):
            open_verifications(now=MONDAY)

    at_once(3, tick)

    assert FollowUp.objects.filter(contact=message.contact).count() == 1
