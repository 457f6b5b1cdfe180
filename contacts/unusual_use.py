"""Reading that only this app can tell as unusual: of oneself, of one's own name, of colleagues (R-AUD-03, N40)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from access.models import User
from audit.models import AccessEvent
from audit.review.rules import CONTACT, Picked, Rule, by_day, events_between, one_by_one, register
from contacts.emails import keyed_digest
from contacts.models import Contact

Kind = AccessEvent.Kind


def register_rules() -> None:
    register(Rule("own_name", _("Own record"), _("The contact has the name of the person who opened it."), own_name))
    register(
        Rule("surname", _("Same surname"), _("The contact has the surname of the person who opened it."), same_surname)
    )
    register(
        Rule(
            "colleague",
            _("Lookup of a colleague"),
            _("The name or address of a colleague was looked up."),
            lookups_of_colleagues,
            is_urgent=True,
        )
    )


def own_name(start: datetime, end: datetime) -> Iterator[Picked]:
    for read, reader, words in reads_with_names(start, end):
        if words_of(reader.get_full_name()) <= words:
            yield read


def same_surname(start: datetime, end: datetime) -> Iterator[Picked]:
    for read, reader, words in reads_with_names(start, end):
        if words_of(reader.last_name) <= words and not words_of(reader.get_full_name()) <= words:
            yield read


def reads_with_names(start: datetime, end: datetime) -> Iterator[tuple[Picked, User, set[str]]]:
    """Each opened contact, who opened it, and the words of the contact's name. Readers without a name are left out."""
    events = list(events_between(start, end, Kind.VIEWED, Kind.PRINTED).filter(object_type=CONTACT))
    names = names_of({event.object_uid for event in events})
    readers = User.objects.in_bulk({event.actor_id for event in events})
    for event, picked in zip(events, one_by_one(events), strict=True):
        reader = readers[picked.reader]
        if words_of(reader.last_name) and event.object_uid in names:
            yield picked, reader, names[event.object_uid]


def names_of(uids: set[Any]) -> dict[Any, set[str]]:
    rows = Contact.objects.filter(uid__in=uids).values_list("uid", "name", "name_latin")
    return {uid: words_of(name) | words_of(latin) for uid, name, latin in rows}


def words_of(name: str) -> set[str]:
    return set(name.casefold().replace("-", " ").replace(",", " ").split())


def lookups_of_colleagues(start: datetime, end: datetime) -> Iterator[Picked]:
    """What was typed is kept as a keyed fingerprint only: it is compared with those of all colleagues' names."""
    known = [keyed_digest(text) for user in User.objects.all() for text in spellings(user)]
    yield from by_day(events_between(start, end, Kind.SEARCHED).filter(detail__query__in=known))


def spellings(user: User) -> set[str]:
    """How somebody may type a colleague, as a lookup's fingerprint is made of it."""
    first, last = user.first_name.casefold().strip(), user.last_name.casefold().strip()
    names = {f"{first} {last}", f"{last} {first}", f"{last}, {first}", last} if first and last else set()
    return {text for text in {*names, user.email.casefold()} if text}
