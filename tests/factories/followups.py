"""Answers owed."""

from datetime import UTC, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from followups.models import FollowUp
from tests.factories.access import UserFactory


class FollowUpFactory(DjangoModelFactory):
    """An open follow-up, received on Monday 23 November 2026 at 10:05 and due a business day later.

    `done=True` and `cancelled=True` make it an ended one. Without a contact unless one is given.
    """

    class Meta:
        model = FollowUp

    class Params:
        done = factory.Trait(
            status="done",
            method="phone",
            outcome="Explained.",
            completed_at=factory.SelfAttribute("due_at"),
            completed_by=factory.SelfAttribute("assigned_to"),
        )
        cancelled = factory.Trait(
            status="cancelled", cancel_reason="Call voided", cancelled_at=factory.SelfAttribute("due_at")
        )

    contact = None
    assigned_to = factory.SubFactory(UserFactory)
    team = factory.SelfAttribute("assigned_to.team")
    kind = FollowUp.Kind.REPLY
    asked = "Processing times of the nominee program"
    received_at = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)
    due_at = factory.LazyAttribute(lambda follow_up: follow_up.received_at + timedelta(days=1))
    original_due_at = factory.SelfAttribute("due_at")
