"""Organisations are no table: they are what the contacts say they work for, spelled as most of their people have it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Case, Count, F, IntegerField, QuerySet, TextField, Value, When

from audit.models import AccessEvent
from audit.services import record_access
from contacts.choices import OrganisationType
from contacts.emails import keyed_digest
from contacts.folding import Fold, HasWords, Prefixes, Words
from contacts.models import Contact
from contacts.shapes import has_enough_letters, storable

LIMIT = 8
COLLEAGUES_SHOWN = 5
CANDIDATES = 2_000  # people; beyond them a word such as "Alberta" says too little to count everybody


@dataclass(frozen=True)
class OrganisationMatch:
    """`type` is a code of `OrganisationType` or ""; `people_count` are the people of it whom the asker may see."""

    name: str
    type: str
    people_count: int

    @property
    def type_label(self) -> str:
        return str(OrganisationType(self.type).label) if self.type else ""


@dataclass(frozen=True)
class Colleagues:
    """`more` are not shown."""

    people: list[Contact]
    more: int


class MostFrequent(Aggregate):
    template = "mode() WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = TextField()


def organisations_like(q: str, user: Any) -> list[OrganisationMatch]:
    """At most `LIMIT` with words that begin as typed: first those whose name begins so, then the largest.

    Recorded as a lookup, with a keyed fingerprint of what was typed.
    """
    asked = storable(q)
    found = [OrganisationMatch(*row) for row in grouped(asked, user)] if has_enough_letters(asked) else []
    detail = {"query": keyed_digest(asked.casefold()), "count": len(found), "of": "organisation"}
    record_access(kind=AccessEvent.Kind.SEARCHED, object_type="contacts.contact", detail=detail)
    return found


def people_of(organisation: str, user: Any) -> "QuerySet[Contact]":
    """The contacts that `user` may see and that have this organisation, in any spelling that folds alike."""
    return with_words(organisation, user).filter(organisation_folded=Fold(Value(organisation)))


def colleagues_of(organisation: str, user: Any, *, but: Contact | None = None) -> Colleagues | None:
    """The first people of this organisation by name, without `but`; None when there is nobody. A list of people is
    recorded."""
    asked = storable(organisation)
    others = people_of(asked, user).order_by("sort_name", "pk") if has_enough_letters(asked) else Contact.objects.none()
    others = others.exclude(pk=but.pk) if but else others
    shown = list(others[: COLLEAGUES_SHOWN + 1])
    if not shown:
        return None
    more = others.count() - COLLEAGUES_SHOWN if len(shown) > COLLEAGUES_SHOWN else 0
    detail = {"count": min(len(shown), COLLEAGUES_SHOWN), "of": "organisation"}
    uid = but.uid if but else None
    record_access(kind=AccessEvent.Kind.LISTED, object_type="contacts.contact", object_uid=uid, detail=detail)
    return Colleagues(shown[:COLLEAGUES_SHOWN], more)


def grouped(asked: str, user: Any) -> Any:
    people = with_words(asked, user).values("pk")[:CANDIDATES]
    begins = When(organisation_folded__startswith=Fold(Value(asked)), then=0)
    return (
        Contact.objects.filter(pk__in=people)
        .values("organisation_folded")
        .annotate(
            spelling=MostFrequent("organisation"),
            kind=MostFrequent("organisation_type"),
            people=Count("pk"),
            place=Case(begins, default=1, output_field=IntegerField()),
        )
        .order_by("place", "-people", "organisation_folded")
        .values_list("spelling", "kind", "people")[:LIMIT]
    )


def with_words(asked: str, user: Any) -> "QuerySet[Contact]":
    """Answered by the index `contact_organisation_words`."""
    contacts = Contact.objects.visible_to(user).active().exclude(organisation="")
    return contacts.filter(HasWords(Words(F("organisation")), Prefixes(Value(asked))))
