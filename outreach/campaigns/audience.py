"""Who would get a campaign, and who would not and why (R-CNS-08): counted, or person by person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Case, Q, QuerySet, TextChoices, Value, When
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from access.models import User
from contacts import gate
from contacts.gate_sets import with_refusal
from contacts.models import ConsentEvent, Contact
from i2a import clock
from outbox import models as outbox
from outreach.models import Campaign


class Reason(TextChoices):
    """What campaigns ask after the gate, before they ask about the event. The values are what a recipient stores."""

    OTHER_AREA = "other area", _("Lives somewhere else")
    DUPLICATE = "duplicate address", _("Same e-mail address as somebody on the list")


ENDS = [outbox.Reason.EVENT_STARTED.value, outbox.Reason.EVENT_CANCELLED.value, outbox.Reason.OTHER_CONSENT.value]
ORDER = [*gate.Reason.values, *Reason.values, *ENDS]


def say_reason(reason: str) -> str:
    """In the reader's language; what nobody here knows stays as it is."""
    known = {one.value: str(one.label) for one in Reason}
    return known.get(reason) or outbox.Reason.say(reason)


@dataclass(frozen=True)
class Audience:
    """Each person is counted once: `matching` is `will_get` and all `exclusions`.

    `by_language`: in which language they will get it, "en" or "fr". `by_origin`: how many of those who will get it are
    in the area only by their country of origin, because no country of residence is known.
    """

    matching: int
    will_get: int
    by_language: dict[str, int]
    by_origin: int
    exclusions: list[tuple[str, int]]


# OFFSET 0: the rules are worked out once for each person, not wherever `refusal` stands.
COUNT = """
WITH people AS (
    SELECT refusal, count(*) AS "all",
        min(ARRAY[id, reads_french::int, by_origin::int]) FILTER (WHERE refusal = '') AS kept
    FROM ({judged} OFFSET 0) AS judged GROUP BY refusal, CASE WHEN refusal = '' THEN email_fingerprint END
)
SELECT refusal, kept[2] = 1, kept[3] = 1, count(*), sum("all")::bigint FROM people GROUP BY 1, 2, 3
"""
KEPT = """(
    SELECT DISTINCT ON (email_fingerprint) id FROM ({judged}) AS judged
    WHERE refusal = '' ORDER BY email_fingerprint, id
)"""


def audience_of(campaign: Campaign) -> Audience:
    """Counted now, in one statement. Of several records with one address the oldest gets it."""
    sql, parameters = judged_sql(campaign)
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(judged=sql), parameters)
        rows = cursor.fetchall()
    excluded = {reason: int(people) for reason, _french, _origin, _groups, people in rows if reason}
    kept = [row for row in rows if not row[0]]
    doubles = sum(int(people) - groups for *_flags, groups, people in kept)
    if doubles:
        excluded[Reason.DUPLICATE.value] = doubles
    french = sum(groups for _reason, is_french, _origin, groups, _people in kept if is_french)
    will_get = sum(row[3] for row in kept)
    return Audience(
        matching=sum(int(row[4]) for row in rows),
        will_get=will_get,
        by_language={"en": will_get - french, "fr": french},
        by_origin=sum(row[3] for row in kept if row[2]),
        exclusions=sorted(excluded.items(), key=lambda one: ORDER.index(one[0])),
    )


def judged_sql(campaign: Campaign) -> tuple[str, tuple[Any, ...]]:
    columns = judged(campaign).annotate(
        reads_french=Case(When(language__startswith="fr", then=True), default=False, output_field=BooleanField()),
        by_origin=Case(When(residence_country="", then=True), default=False, output_field=BooleanField()),
    )
    names = ["id", "email_fingerprint", "agreement", "reads_french", "by_origin", "refusal"]
    return columns.order_by().values(*names).query.sql_with_params()


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
    return people.filter(pk__in=_kept(campaign))


def excluded_for(campaign: Campaign, user: User, reason: str) -> QuerySet[Contact]:
    """Those who match the choices, would not get it for `reason`, as of now, and whom `user` may see."""
    people = Contact.objects.visible_to(user)
    if reason == Reason.DUPLICATE:
        allowed = judged(campaign).filter(refusal="").values("pk")
        return people.filter(pk__in=allowed).exclude(pk__in=_kept(campaign))
    return people.filter(pk__in=judged(campaign).filter(refusal=reason).values("pk"))


def agreements(campaign: Campaign, contacts: Iterable[Contact]) -> dict[int, ConsentEvent]:
    """By contact, the agreement that allows them to get it; one query for a page of people."""
    pks = [contact.pk for contact in contacts]
    if campaign.has_list:
        by_contact = dict(campaign.recipients.filter(contact__in=pks).values_list("contact", "consent_event"))
    else:
        asked = with_refusal(Contact.objects.filter(pk__in=pks), campaign.purpose)
        by_contact = dict(asked.values_list("pk", "agreement"))
    events = ConsentEvent.objects.select_related("text_version", "recorded_by")
    found = events.in_bulk([event for event in by_contact.values() if event])
    return {contact: found[event] for contact, event in by_contact.items() if event in found}


def _kept(campaign: Campaign) -> RawSQL:
    sql, parameters = judged_sql(campaign)
    return RawSQL(KEPT.format(judged=sql), parameters)  # noqa: S611  (Django wrote it, and quotes its own parameters)
