"""Campaigns on connections of their own, with real commits: many clicks, many beats, a sender (M5, M6)."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from audit.models import LogEntry
from i2a import clock
from outbox.models import Message
from outreach.campaigns import refusals, switching
from outreach.campaigns.approving import approve as approve_service
from outreach.campaigns.approving import changed_since_freeze
from outreach.models import Campaign, Event
from tests.factories import CampaignFactory, ContactFactory, EventFactory, UserFactory
from tests.outbox.steps import drain
from tests.outreach.steps import approved, asked, its_time, messages_of, released, tick

pytestmark = pytest.mark.xdist_group("workshop")


@pytest.fixture
def tongue():
    """A language that nobody else in the database speaks."""
    return uuid4().hex[:8]


def test_of_twenty_approvals_at_once_one_counts(committed, tongue):
    """M6: the others are told that it is scheduled."""
    contact = ContactFactory(agrees_to=["trade_mission"], language=tongue)
    event = EventFactory(kind="trade_mission")
    campaign = asked(CampaignFactory(ref=f"M-{uuid4().hex[:10]}", event=event, languages=[tongue]))
    manager, sha256, told = UserFactory(role="manager", team=None), changed_since_freeze(campaign).sha256, []

    def click() -> None:
        seen = {"seen_sha256": sha256, "seen_version": campaign.version, "now": clock.now()}
        try:
            told.append(approve_service(campaign=campaign, by=manager, **seen).state)
        except refusals.AlreadyScheduled as refused:
            told.append(str(refused))
        connection.close()

    threads = [threading.Thread(target=click) for _click in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(told) == ["This campaign is already scheduled."] * 19 + ["approved"]
    assert list(campaign.recipients.values_list("contact", flat=True)) == [contact.pk]
    Campaign.objects.filter(pk=campaign.pk).update(state="cancelled", ended_at=clock.now(), ended_because="A test")


def test_ten_beats_at_once_start_it_once(committed, tongue):
    """M5, M6."""
    people = ContactFactory.create_batch(8, agrees_to=["trade_mission"], language=tongue)
    event = EventFactory(kind="trade_mission")
    campaign = approved(CampaignFactory(ref=f"M-{uuid4().hex[:10]}", event=event, languages=[tongue]))
    due = its_time(campaign)

    def beat() -> None:
        tick(due)
        connection.close()

    threads = [threading.Thread(target=beat) for _beat in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert messages_of(campaign).count() == campaign.recipients.filter(contact__in=people).count() == 8
    history = LogEntry.objects.get_for_object(campaign)
    assert sum(entry.changes.get("state") == ["approved", "sending"] for entry in history) == 1
    switching.cancel(campaign=campaign, because="A test", by=campaign.created_by, now=clock.now())


def test_nothing_leaves_after_the_event_has_started_even_before_the_next_tick(committed, smtp, tongue):
    ContactFactory(agrees_to=["trade_mission"], language=tongue)
    event = EventFactory(kind="trade_mission", starts_at=clock.now() + timedelta(days=2))
    campaign = released(approved(CampaignFactory(ref=f"M-{uuid4().hex[:10]}", event=event, languages=[tongue])))
    Message.objects.filter(purpose_key=campaign.mailing).update(not_before=clock.now())
    Event.objects.filter(pk=event.pk).update(starts_at=clock.now() - timedelta(seconds=1))

    drain()

    message = messages_of(campaign).get()
    assert (message.state, message.reason, smtp.received) == ("withheld", "event started", [])
    tick(clock.now())
