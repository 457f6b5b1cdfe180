"""Ticks at once, on a real database: one client is asked to be phoned once."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from audit.actor import acting_as_system
from followups.models import FollowUp
from followups.verifying import open_verifications
from tests.factories import MessageFactory

MONDAY = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
pytestmark = pytest.mark.xdist_group("workshop")


def test_three_ticks_at_once_open_one_follow_up(committed):
    message = MessageFactory(state="bounced", reason="came back")

    def tick() -> None:
        with acting_as_system("followups"):
            open_verifications(now=MONDAY)
        connection.close()

    ticks = [threading.Thread(target=tick) for _number in range(3)]
    for thread in ticks:
        thread.start()
    for thread in ticks:
        thread.join()

    assert FollowUp.objects.filter(contact=message.contact).count() == 1
