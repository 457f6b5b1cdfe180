"""Who would get a campaign, and who would not and why (R-CNS-08): counted, or person by person."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.db.models import BooleanField, Case, Q, QuerySet, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

from access.models import User
from contacts.gate_sets import with_refusal
from contacts.models import ConsentEvent, Contact
from i2a import clock
from outbox import models as outbox
from outreach.mailings import audience
from outreach.mailings.audience import GATE, Audience
from outreach.models import Campaign


class Reason(TextChoices):
    """What campaigns ask after the gate, before they ask about the event. The value is what a recipient stores."""

    OTHER_AREA = "other area", _("Lives somewhere else")


ENDS = [outbox.Reason.EVENT_STARTED.value, outbox.Reason.EVENT_CANCELLED.value, outbox.Reason.OTHER_CONSENT.value]
ORDER = [*GATE, *Reason.values, *audience.Reason.values, *ENDS]


def say_reason(reason: str) -> str:
    """In the reader's language; what nobody here knows stays as it is."""
    return str(Reason.OTHER_AREA.label) if reason == Reason.OTHER_AREA else audience.say_reason(reason)


def audience_of(campaign: Campaign) -> Audience:
    """Counted now, in one statement. Of several records with one address the oldest gets it."""
    by_origin = Case(When(residence_country="", then=True), default=False, output_field=BooleanField())
    return audience.count(judged(campaign).annotate(by_origin=by_origin), ORDER)


def judged(campaign: Campaign, people: QuerySet[Contact] | None = None) -> QuerySet[Any]:
    """`people`, or all who match the choices, with `refusal`: what the gate says, then what the campaign says."""
    rules = []
    if campaign.countries:
        rules.append(When(~lives_in(campaign.countries), then=Value(Reason.OTHER_AREA)))
    if campaign.event.cancelled_at:
        rules.append(When(pk__isnull=False, then=Value(outbox.Reason.EVENT_CANCELLED)))
    elif campaign.event.has_begun(clock.now()):
        rules.append(When(pk__isnull=False, then=Value(outbox.Reason.EVENT_STARTED)))
    return with_refusal(matching(campaign) if people is None else people, campaign.purpose, *rules)


def matching(campaign: Campaign) -> QuerySet[Contact]:
    chosen = Q()
    if campaign.categories:
        chosen &= Q(category__in=campaign.categories)
    if campaign.languages:
        chosen &= Q(language__in=campaign.languages)
    if campaign.called_since:
        chosen &= Q(last_call_at__gte=datetime.combine(campaign.called_since, time.min, tzinfo=clock.EDMONTON))
    return Contact.objects.filter(chosen)


def lives_in(countries: list[str]) -> Q:
    """Where they live; where they are from only if that is not known (R-CMP-01)."""
    return Q(residence_country__in=countries) | Q(residence_country="", origin_country__in=countries)


def included(campaign: Campaign, user: User) -> QuerySet[Contact]:
    """Those who get it and whom `user` may see: of the list if there is one, else as of now. `agreements` says why."""
    people = Contact.objects.visible_to(user)
    if campaign.has_list:
        return people.filter(campaign_recipients__campaign=campaign)
    return people.filter(pk__in=audience.kept(judged(campaign)))


def excluded_for(campaign: Campaign, user: User, reason: str) -> QuerySet[Contact]:
    """Those who match the choices, would not get it for `reason`, as of now, and whom `user` may see."""
    people = Contact.objects.visible_to(user)
    if reason == audience.Reason.DUPLICATE:
        allowed = judged(campaign).filter(refusal="").values("pk")
        return people.filter(pk__in=allowed).exclude(pk__in=audience.kept(judged(campaign)))
    return people.filter(pk__in=judged(campaign).filter(refusal=reason).values("pk"))


def agreements(campaign: Campaign, contacts: Iterable[Contact]) -> dict[int, ConsentEvent]:
    """By contact, the agreement that allows them to get it; one query for a page of people."""
    pks = [contact.pk for contact in contacts]
    if campaign.has_list:
        by_contact = dict(campaign.recipients.filter(contact__in=pks).values_list("contact", "consent_event"))
    else:
        asked = with_refusal(Contact.objects.filter(pk__in=pks), campaign.purpose)
        by_contact = dict(asked.values_list("pk", "agreement"))
    return audience.events_of(by_contact)
