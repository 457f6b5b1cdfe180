"""What is coming up that one client asked to hear about, where they are (R-CAL-09, D-09). Never by citizenship."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from contacts.choices import Channel, Purpose
from contacts.countries import country_name
from contacts.gate import Answers, badge_of, verdict
from contacts.ledger import channel_labels, uncapitalised
from contacts.models import Contact
from outreach.models import Event, Registration
from outreach.models.campaigns import PURPOSE_OF
from outreach.words import say_start

SHOWN = 5


@dataclass(frozen=True)
class Offer:
    """An event, and why it is shown: what the client agreed to, and where they are. `state`: registered or waiting."""

    event: Event
    when: str
    why: str
    state: str = ""


@dataclass(frozen=True)
class Upcoming:
    """`refusal` says why there is nothing to offer at all, in the words of the gate."""

    offers: list[Offer]
    refusal: str = ""


def upcoming_for(contact: Contact, answers: Answers, now: datetime) -> Upcoming:
    """One query, none where the gate says no to everything."""
    channels = {kind: list(channels_for(contact, purpose, answers)) for kind, purpose in PURPOSE_OF.items()}
    allowed = [kind for kind, found in channels.items() if found]
    if not allowed:
        return Upcoming([], str(badge_of(contact, answers=answers).label))
    country = contact.residence_country or contact.origin_country
    here = Q(countries=[]) | Q(countries__contains=[country]) if country else Q(countries=[])
    own = contact.registrations.filter(event=OuterRef("pk")).exclude(state=Registration.State.CANCELLED)
    events = Event.objects.upcoming(now).filter(here, kind__in=allowed)
    events = events.annotate(own_state=Subquery(own.values("state")))[:SHOWN]
    return Upcoming([offer_of(event, channels, contact) for event in events])


def offer_of(event: Event, channels: dict[Event.Kind, list[Channel]], contact: Contact) -> Offer:
    own = event.own_state  # type: ignore[attr-defined]
    state = str(Registration.State(own).label) if own else ""
    return Offer(event, say_start(event), say_why(event, channels, contact), state)


def channels_for(contact: Contact, purpose: Purpose, answers: Answers) -> Iterator[Channel]:
    for channel in Channel:
        if verdict(contact, purpose, channel, answers=answers).is_allowed:
            yield channel


def say_why(event: Event, channels: dict[Event.Kind, list[Channel]], contact: Contact) -> str:
    kind = Event.Kind(event.kind)
    words = {
        "purpose": uncapitalised(str(PURPOSE_OF[kind].label)),
        "channels": uncapitalised(channel_labels(set(channels[kind]))),
    }
    agreed = _("Agreed to %(purpose)s by %(channels)s") % words
    return f"{agreed} · {say_area(event, contact)}"


def say_area(event: Event, contact: Contact) -> str:
    if not event.countries:
        return _("For every area")
    if contact.residence_country:
        return _("Lives in: %(country)s") % {"country": country_name(contact.residence_country)}
    country = country_name(contact.origin_country)
    return _("From: %(country)s (no country of residence recorded)") % {"country": country}
