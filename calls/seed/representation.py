"""A lawyer who acts for a caller: how a representation looks."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from access.models import User
from contacts.choices import Authority
from contacts.models import Contact, Representation
from i2a.clock import EDMONTON

PERSON, LAWYER = "dalisay.haraya@example.net", "a.kowalska@whitecap-legal.example.com"


def add_representation(contacts: Iterable[Contact], users: dict[str, User], now: datetime) -> None:
    found = {contact.email: contact for contact in contacts if contact.email in (PERSON, LAWYER)}
    if len(found) < 2:
        return  # a short plan has no call of one of them
    first = now.astimezone(EDMONTON).date() - timedelta(days=12)
    Representation.objects.create(
        person=found[PERSON],
        representative=found[LAWYER],
        authority=Authority.RETAINER,
        scope="Questions about a work permit and the nominee program",
        starts_on=first,
        until=first + timedelta(days=364),
        recorded_at=now - timedelta(days=12),
        recorded_by=users["maya"],
    )
