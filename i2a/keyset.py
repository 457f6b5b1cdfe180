"""Pages of a long list, found by the sort key of a row at their edge: a deep page costs what the first one costs."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan


class Key(NamedTuple):
    """The value of the sort column in one row, and the row's primary key."""

    value: Any
    pk: int


@dataclass(frozen=True)
class Order:
    """By one column and then by the primary key, both in the same direction: as the index has them."""

    column: str
    descending: bool = False

    def key_of(self, row: Any) -> Key:
        return Key(getattr(row, self.column), row.pk)

    def sorted(self, rows: QuerySet[Any], *, backwards: bool = False) -> QuerySet[Any]:
        sign = "-" if self.descending != backwards else ""
        return rows.order_by(f"{sign}{self.column}", f"{sign}pk")

    def beyond(self, rows: QuerySet[Any], key: Key, *, backwards: bool = False) -> QuerySet[Any]:
        """The rows on the other side of `key`, by one comparison of both columns that the index can answer."""
        compare = TupleLessThan if self.descending != backwards else TupleGreaterThan
        return rows.filter(compare(Tuple(F(self.column), F("pk")), tuple(key)))


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    has_previous: bool
    has_next: bool


def page_of(
    rows: QuerySet[Any], order: Order, size: int, *, after: Key | None = None, before: Key | None = None
) -> Page:
    """`size` rows after the key `after`, or before the key `before`; the first ones without either."""
    backwards = before is not None and after is None
    key = before if backwards else after
    chosen = order.sorted(order.beyond(rows, key, backwards=backwards) if key else rows, backwards=backwards)
    found = list(chosen[: size + 1])
    has_more, shown = len(found) > size, found[:size]
    if backwards:
        shown.reverse()
        return Page(shown, has_previous=has_more, has_next=bool(shown))
    return Page(shown, has_previous=key is not None and bool(shown), has_next=has_more)


def token_of(*parts: object) -> str:
    """Something for an address that says nothing to a reader. It hides no secret."""
    return base64.urlsafe_b64encode(" ".join(map(str, parts)).encode()).decode().rstrip("=")


def parts_of(token: str) -> list[str]:
    """What `token_of` was given; nothing for anything else."""
    try:
        return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().split(" ")
    except ValueError:
        return []


def instant_of(text: str) -> datetime | None:
    """An instant that PostgreSQL can compare, or None. In UTC: there are zones that only Python accepts."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo and 1 < at.year < 9999 else None


def number_of(text: str) -> int | None:
    """A primary key, or None for anything that is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
