"""The list of contacts: which ones, in which order, page by page (R-CAL-09, performance notes §8.3)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import IntegerField, Q, QuerySet, Subquery

from contacts import gate
from contacts.choices import Category, Purpose, Sensitivity
from contacts.countries import country_name
from contacts.gate import Badge
from contacts.gate_sets import Standing, standing
from contacts.list_form import CountryOf, LastCall, Sort
from contacts.models import Contact
from i2a.clock import EDMONTON
from i2a.keyset import Key, Order, instant_of, number_of, page_of, parts_of, token_of
from i2a.wall_time import local_day

ROWS_PER_PAGE = 25
COUNT_UP_TO = 1_000  # an exact count of a million rows costs more than the page, and helps nobody
COLUMNS = [
    "uid", "ref", "team__name", "sensitivity", "status", "name", "name_latin", "organisation", "organisation_type",
    "category", "category_other", "origin_country", "residence_country", "email", "email_state", "email_fingerprint",
    "future_contact", "do_not_contact", "created_at", "last_activity_at", "last_call_at", "sort_name",
]  # fmt: skip
ORDERS = {
    Sort.ACTIVITY_DOWN: Order("last_activity_at", descending=True),
    Sort.ACTIVITY_UP: Order("last_activity_at"),
    Sort.NAME_UP: Order("sort_name"),
    Sort.NAME_DOWN: Order("sort_name", descending=True),
    Sort.CREATED_DOWN: Order("created_at", descending=True),
    Sort.CREATED_UP: Order("created_at"),
}


class CappedCount(Subquery):
    """How many rows a query has, at most one more than `COUNT_UP_TO`; in the statement that fetches the page.

    In the order of the page: then PostgreSQL counts along the same index, instead of looking for a way to all rows.
    """

    template = "(SELECT count(*) FROM (%(subquery)s) AS capped)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.values("pk")[: COUNT_UP_TO + 1])


@dataclass(frozen=True)
class Row:
    contact: Contact
    badge: Badge

    @property
    def category(self) -> str:
        return self.contact.category_other or str(Category(self.contact.category).label)

    @property
    def organisation(self) -> str:
        """Beside a name; where there is none, it stands in for it already."""
        return self.contact.organisation if self.contact.name or self.contact.name_latin else ""

    @property
    def reference(self) -> str:
        """Something to tell records without a name apart."""
        return "" if self.contact.name or self.contact.name_latin or self.contact.organisation else self.contact.ref

    @property
    def other_call_day(self) -> date | None:
        """The day of the last call, when it was not the last activity."""
        called = self.contact.last_call_at
        if called is None or local_day(called) == local_day(self.contact.last_activity_at):
            return None
        return local_day(called)

    @property
    def origin(self) -> str:
        return country_name(self.contact.origin_country)

    @property
    def residence(self) -> str:
        return country_name(self.contact.residence_country)

    @property
    def is_restricted(self) -> bool:
        return self.contact.sensitivity == Sensitivity.RESTRICTED


@dataclass(frozen=True)
class Listed:
    """One page. `previous` and `next` are tokens for addresses, "" where the list ends."""

    rows: list[Row]
    count: int
    previous: str
    next: str

    @property
    def is_capped(self) -> bool:
        return self.count > COUNT_UP_TO


def list_contacts(user: Any, asked: dict[str, Any], today: date) -> "QuerySet[Contact]":
    """The contacts `user` may see that fit the filters in `asked`, the cleaned data of `ContactFilterForm`."""
    conditions = {
        "category": asked.get("category"),
        "organisation_type": asked.get("organisation_type"),
        "language": asked.get("language"),
        "team_id": asked.get("team"),
        "sensitivity": Sensitivity.RESTRICTED if asked.get("restricted") else "",
        country_column(asked): asked.get("country"),
    }
    contacts = Contact.objects.visible_to(user).active()
    contacts = contacts.filter(**{name: value for name, value in conditions.items() if value})
    if asked.get("last_call"):
        contacts = contacts.filter(last_call_fits(LastCall(asked["last_call"]), today))
    if asked.get("consent"):
        purpose = Purpose(asked["purpose"]) if asked.get("purpose") else None
        contacts = contacts.filter(standing(Standing(asked["consent"]), purpose))
    return contacts


def country_column(asked: dict[str, Any]) -> str:
    return "residence_country" if asked.get("country_of") == CountryOf.RESIDENCE else "origin_country"


def last_call_fits(when: LastCall, today: date) -> Q:
    """Days are Edmonton's."""
    if when == LastCall.NEVER:
        return Q(last_call_at__isnull=True)
    days = {LastCall.WEEK: 7, LastCall.MONTH: 30, LastCall.BEFORE_MONTH: 30, LastCall.BEFORE_YEAR: 365}.get(when, 0)
    since = datetime.combine(today - timedelta(days=days), time(), tzinfo=EDMONTON)
    is_before = when in {LastCall.BEFORE_MONTH, LastCall.BEFORE_YEAR}
    return Q(last_call_at__lt=since) if is_before else Q(last_call_at__gte=since)


def order_of(asked: dict[str, Any]) -> Order:
    """Who filters by the last call means it by "activity", and then its own index leads to the rows."""
    order = ORDERS[Sort(asked.get("sort") or Sort.ACTIVITY_DOWN)]
    is_called = asked.get("last_call") not in {None, "", LastCall.NEVER}
    return replace(order, column="last_call_at") if is_called and order.column == "last_activity_at" else order


def page_asked_for(user: Any, asked: dict[str, Any], today: date, *, after: str = "", before: str = "") -> Listed:
    """A page and the capped count in two statements, three by name. Tokens we did not write lead to the first page."""
    order, contacts = order_of(asked), list_contacts(user, asked, today)
    rows = gate.with_answers(contacts.select_related("team").only(*COLUMNS))
    rows = rows.annotate(total=CappedCount(order.sorted(contacts)))
    edges = {"after": key_from(user, order, after), "before": key_from(user, order, before)}
    page = page_of(rows, order, ROWS_PER_PAGE, **edges)
    if not page.rows and any(edges.values()):
        page = page_of(rows, order, ROWS_PER_PAGE)
    return Listed(
        rows=rows_of(page.rows),
        count=page.rows[0].total if page.rows else 0,
        previous=token_for(order, page.rows[0]) if page.has_previous else "",
        next=token_for(order, page.rows[-1]) if page.has_next else "",
    )


def count_capped(contacts: "QuerySet[Contact]", up_to: int) -> int:
    """The number of contacts, at most one more than `up_to`."""
    return contacts.order_by()[: up_to + 1].count()


def rows_of(contacts: list[Contact]) -> list[Row]:
    return [Row(contact, gate.badge_of(contact)) for contact in contacts]


def token_for(order: Order, contact: Contact) -> str:
    """Names stay out of addresses: by name the key is the record's number alone."""
    key = order.key_of(contact)
    return token_of(key.pk) if order.column == "sort_name" else token_of(key.pk, key.value.isoformat())


def key_from(user: Any, order: Order, token: str) -> Key | None:
    """By name the row itself is asked, if the user may see it: else its place would tell how a hidden name begins."""
    pk, at = (*parts_of(token), "", "")[:2]
    number = number_of(pk)
    if number is None:
        return None
    if order.column != "sort_name":
        instant = instant_of(at)
        return Key(instant, number) if instant else None
    name = Contact.objects.visible_to(user).filter(pk=number).values_list("sort_name", flat=True).first()
    return None if name is None else Key(name, number)
