"""What the details of an access event mean, in words: who adds a detail registers how it reads.

A detail stands under a key: "count", "purpose". A key may mean something else for some kinds of events. The tests
refuse an event with a key or a code that has no words (tests/conftest.py).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.contrib.auth import get_user_model
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from audit.models import AccessEvent
from audit.reports import naming, purposes
from i2a.wall_time import say_full_day, say_time

Kind = AccessEvent.Kind
Words = str | Promise
Codes = Mapping[str, Words]
Say = Callable[[Any], str]
FOR_PROGRAMS = ""  # the label of what only finds a row again: shown to nobody


@dataclass(frozen=True)
class Detail:
    """`codes`: all the values it may have, when they are codes."""

    label: Words
    say: Say
    codes: Codes | None = None


_details: dict[tuple[str, str], Detail] = {}
_filters: dict[str, Detail] = {}


def register(key: str, label: Words, say: Say | Codes | None = None, *, kinds: Iterable[str] = ("",)) -> None:
    """For all kinds of events, or for some. `say`: a function, or words for each code; without it, it needs none."""
    for kind in kinds:
        _details[kind, key] = detail(label, say)


def register_codes(key: str, codes: Codes) -> None:
    """More codes for a key that another app has registered."""
    known = _details["", key]
    register(key, known.label, {**(known.codes or {}), **codes})


def register_filter(name: str, label: Words, say: Say | Codes | None = None) -> None:
    """How a filter in the address of a list is said."""
    _filters[name] = detail(label, say)


def detail(label: Words, say: Say | Codes | None) -> Detail:
    if isinstance(say, Mapping):
        return Detail(label, one_of(say), say)
    return Detail(label, say or plain)


def of(kind: str, key: str) -> Detail | None:
    return _details.get((kind, key)) or _details.get(("", key))


def told(event: AccessEvent) -> list[tuple[str, str]]:
    """Label and words of each, without what says nothing."""
    known = [(of(event.kind, key), value) for key, value in sorted(event.detail.items())]
    said = [(str(one.label), one.say(value)) for one, value in known if one]
    return [(label, text) for label, text in said if label and text]


def unsaid(kind: str, details: dict[str, Any]) -> list[str]:
    """Keys and codes that have no words."""
    missing = []
    for key, value in details.items():
        one = of(kind, key)
        if one is None:
            missing.append(key)
        elif one.codes is not None:
            missing += [f"{key}: {code}" for code in listed(value) if code and str(code) not in one.codes]
    return missing


def one_of(codes: Codes) -> Say:
    return lambda value: ", ".join(str(codes.get(str(code), code)) for code in listed(value))


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def plain(value: Any) -> str:
    """What needs no words: a number, a reference, yes or no."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


def say_person(uid: str) -> str:
    return str(get_user_model()._default_manager.filter(uid=uid).first() or "")


def say_person_of_key(key: int | None) -> str:
    return str(get_user_model()._default_manager.filter(pk=key).first() or "") if key else ""


def say_day(text: str) -> str:
    """A day or an instant as a program writes it."""
    at, day = parse_datetime(text or ""), parse_date((text or "")[:10])
    if at and at.tzinfo:
        return f"{say_full_day(at)}, {say_time(at)}"
    return say_full_day(day) if day else ""


def say_criteria(query: str) -> str:
    """ "Category: Employer · From: Monday 23 November 2026"."""
    return " · ".join(say_filter(name, value) for name, value in parse_qsl(query))


def say_filter(name: str, value: str) -> str:
    known = _filters.get(name)
    return (
        _("%(label)s: %(words)s") % {"label": known.label, "words": known.say(value)} if known else f"{name}: {value}"
    )


def say_record(ref: str) -> str:
    """References are words; a uid is said as the kind that it is of."""
    target = naming.find(ref) if naming.uid_of(ref) else None
    return naming.say_model(target.model) if target else ref


def say_kind_of_record(label: str) -> str:
    model = naming.model_of(label)
    return naming.say_model(model) if model else label


def register_details() -> None:
    """What the audit itself writes, and what several apps do."""
    register("purpose", gettext_lazy("For which work"), purposes.say)
    register("count", gettext_lazy("Rows"))
    register("criteria", gettext_lazy("Filters"), say_criteria)
    register("ref", gettext_lazy("Reference"))
    register("sha256", gettext_lazy("Fingerprint of the file"))
    register("query", gettext_lazy("Fingerprint of the question"))
    register("hidden", gettext_lazy("Matches not shown"))
    register("verify", gettext_lazy("Asked for a check of the seal"))
    register("seal", gettext_lazy("Batch"))
    register("to", gettext_lazy("Sent to how many people"), kinds=[Kind.EMAIL_SENT])
    register(
        "view",
        gettext_lazy("View"),
        {
            "open": gettext_lazy("To look into"),
            "urgent": gettext_lazy("Urgent"),
            "found": gettext_lazy("To sign off"),
            "closed": gettext_lazy("Closed"),
            "viewers": gettext_lazy("Who opened the most contacts"),
        },
    )


def register_filters(say_topic: Say) -> None:
    """Those of the audit's own list."""
    people = {"system": gettext_lazy("The system"), "nobody": gettext_lazy("Nobody signed in")}
    register_filter("who", gettext_lazy("Person"), lambda who: str(people.get(who) or say_person(who)))
    register_filter("did", gettext_lazy("What they did"), say_topic)
    register_filter("what", gettext_lazy("Kind of record"), say_kind_of_record)
    register_filter("record", gettext_lazy("Record"), say_record)
    register_filter("since", gettext_lazy("From"), say_day)
    register_filter("until", pgettext_lazy("time", "To"), say_day)
