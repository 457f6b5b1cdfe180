"""Counting those of whom it is known why they would not get a mailing, in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Case, QuerySet, TextChoices, When
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from contacts import gate
from contacts.models import ConsentEvent
from outbox import models as outbox


class Reason(TextChoices):
    """What a mailing asks last of all. The value is what a list stores."""

    DUPLICATE = "duplicate address", _("Same e-mail address as somebody on the list")


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


def count(judged: QuerySet[Any], order: Sequence[str]) -> Audience:
    """`judged` has `refusal` and `by_origin`; of several records with one address the oldest gets it.

    `order`: in which the reasons are listed.
    """
    sql, parameters = sql_of(judged, "by_origin", "reads_french")
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
        exclusions=sorted(excluded.items(), key=lambda one: order.index(one[0])),
    )


def sql_of(judged: QuerySet[Any], *more: str) -> tuple[str, tuple[Any, ...]]:
    """With the columns that count and that a list keeps, and `more`."""
    french = Case(When(language__startswith="fr", then=True), default=False, output_field=BooleanField())
    names = ["id", "email_fingerprint", "agreement", *more, "refusal"]
    return judged.annotate(reads_french=french).order_by().values(*names).query.sql_with_params()


def kept(judged: QuerySet[Any]) -> RawSQL:
    """The keys of those who get it."""
    sql, parameters = sql_of(judged)
    return RawSQL(KEPT.format(judged=sql), parameters)  # noqa: S611  (Django wrote it, and quotes its own parameters)


def events_of(by_contact: Mapping[int, int | None]) -> dict[int, ConsentEvent]:
    """The agreements themselves, in one query."""
    events = ConsentEvent.objects.select_related("text_version", "recorded_by")
    found = events.in_bulk([event for event in by_contact.values() if event])
    return {contact: found[event] for contact, event in by_contact.items() if event in found}


def say_reason(reason: str) -> str:
    """In the reader's language; what nobody here knows stays as it is."""
    return str(Reason.DUPLICATE.label) if reason == Reason.DUPLICATE else outbox.Reason.say(reason)


GATE = list(gate.Reason.values)
