"""The history of one record in words: who changed which field from what to what (R-AUD-01).

Personal values never were in the audit (`audit.masking`), so they are only said to be added, changed or removed here.
"""

import re
from ast import literal_eval
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial, reduce
from itertools import groupby
from operator import or_
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from audit.masking import MASK
from audit.models import AccessEvent, LogEntry
from audit.registry import auditlog
from audit.reports.naming import say_model
from audit.system_actors import PREFIX, say_system
from i2a.field_names import name_of
from i2a.wall_time import say_full_day, say_time

Action = LogEntry.Action
Names = dict[type[models.Model], dict[Any, models.Model]]
Pairs = dict[str, list[str]]
Say = Callable[[str], str]
_said_by: dict[tuple[str, str], Say] = {}
_listed_by: dict[tuple[str, str], type[models.Model]] = {}
CALLED = ["ref", "label", "title"]
DIGITS = re.compile(r"\d+")
MOST = 500  # entries of a record that its page tells at most
LONGEST = 160  # letters of one value in a sentence; the audit itself has the whole


def register_words(label: str, **said_by: Say) -> None:
    """What says the values of these fields of a model, where the audit has codes of ours."""
    for name, say in said_by.items():
        _said_by[label.lower(), name] = say


def register_records(label: str, **listed_by: type[models.Model]) -> None:
    """Whose keys these fields of a model list."""
    for name, model in listed_by.items():
        _listed_by[label.lower(), name] = model


@dataclass(frozen=True)
class Change:
    """One field. `before` and `after` are "" for nothing; both are empty words when `is_masked`: see `words`."""

    label: str
    before: str
    after: str
    is_masked: bool = False
    name: str = ""

    @property
    def words(self) -> str:
        if self.is_masked:
            return _masked_words(self)
        if not self.before:
            return self.after
        return _("%(before)s to %(after)s") % {"before": self.before, "after": self.after or _("nothing")}


@dataclass(frozen=True)
class Step:
    """What one person did at one moment, as a page tells it. `by`: a name, or what worked for the system."""

    at: datetime
    by: str
    sentences: list[str]


@dataclass(frozen=True)
class HistoryEntry:
    """What one person did to one record at one moment. `action` is one of `LogEntry.Action`.

    Entries of one `request` belong together; it is "" for what no browser did.
    """

    pk: int
    at: datetime
    by: str
    action: int
    changes: list[Change]
    request: str = ""

    @property
    def summary(self) -> str:
        """One line: "Changed category and e-mail"."""
        if self.action == Action.CREATE:
            return _("Created")
        if self.action == Action.DELETE:
            return _("Deleted")
        return _("Changed %(fields)s") % {"fields": say_list([change.label for change in self.changes])}


def entries_of(*records: models.Model) -> QuerySet[LogEntry]:
    """Newest first. Slice it, then `in_words`."""
    types = ContentType.objects.get_for_models(*{record._meta.model for record in records})
    about = (Q(content_type=types[record._meta.model], object_id=record.pk) for record in records)
    entries = LogEntry.objects.filter(reduce(or_, about))
    return entries.select_related("actor", "content_type").order_by("-timestamp", "-pk")


def in_words(entries: Iterable[LogEntry], *, fields: Collection[str] | None = None) -> list[HistoryEntry]:
    """All fields or only these. As many queries as there are kinds of referenced records, however many entries."""
    told = [(entry, _pairs(entry, fields)) for entry in entries]
    names = _referenced(told)
    return [
        HistoryEntry(
            pk=entry.pk,
            at=entry.timestamp,
            by=say_actor(entry),
            action=entry.action,
            changes=[_change(entry, field, pair, names) for field, pair in sorted(pairs.items())],
            request=entry.cid or "",
        )
        for entry, pairs in told
    ]


def history_of(record: models.Model, limit: int = MOST) -> list[HistoryEntry]:
    return in_words(entries_of(record)[:limit])


def steps_of(record: models.Model) -> list[Step]:
    """Newest first; what one request did is one step."""
    return steps((entry, sentences(entry)) for entry in history_of(record))


def steps(told: Iterable[tuple[HistoryEntry, Iterable[str]]]) -> list[Step]:
    """Entries with their sentences; one that has none tells a reader nothing."""
    found = []
    for _request, group in groupby(told, key=lambda pair: pair[0].request or pair[0].pk):
        pairs = list(group)
        said = list(dict.fromkeys(sentence for _entry, some in pairs for sentence in some))
        if said:
            found.append(Step(pairs[0][0].at, pairs[0][0].by, said))
    return found


def sentences(entry: HistoryEntry) -> Iterator[str]:
    if entry.action != Action.UPDATE:
        yield entry.summary
        return
    yield from (sentence(change) for change in entry.changes if not change.name.endswith("sha256"))


def sentence(change: Change) -> str:
    label = capfirst(change.label)
    if change.is_masked:
        return _("%(field)s %(what)s (personal, not kept in the history)") % {"field": label, "what": change.words}
    words = {"before": _short(change.before), "after": _short(change.after)}
    return _("%(field)s: %(before)s → %(after)s") % {"field": label, **words}


def _short(value: str) -> str:
    return Truncator(value).chars(LONGEST) or _("nothing")


def last_change(record: models.Model) -> tuple[str, datetime] | None:
    """Who saved the record last and when, as a conflict page says it: "Maya O." (R-CAL-11)."""
    entry = entries_of(record).first()
    if entry is None:
        return None
    return entry.actor.short_name if entry.actor else say_actor(entry), entry.timestamp


def say_actor(entry: LogEntry | AccessEvent) -> str:
    if entry.actor:
        return str(entry.actor)
    if entry.actor_label.startswith(PREFIX):
        return say_system(entry.actor_label)
    return _("Somebody not signed in")


def say_list(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(some)s and %(last)s") % {"some": ", ".join(words[:-1]), "last": words[-1]}


def _pairs(entry: LogEntry, fields: Collection[str] | None) -> Pairs:
    """Field name to [before, after]; changes of many-to-many fields become the same shape."""
    pairs = {}
    for name, values in (entry.changes or {}).items():
        if fields is not None and name not in fields:
            continue
        if isinstance(values, dict):
            objects = ", ".join(values["objects"])
            values = ["", objects] if values["operation"] == "add" else [objects, ""]
        pairs[name] = values
    return pairs


def _field(entry: LogEntry, name: str) -> Any:
    model = entry.content_type.model_class()
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _leads_to(entry: LogEntry, name: str) -> type[models.Model] | None:
    field = _field(entry, name)
    return field.related_model if isinstance(field, models.ForeignKey) else _listed_by.get(_key(entry, name))


def _key(entry: LogEntry, name: str) -> tuple[str, str]:
    return f"{entry.content_type.app_label}.{entry.content_type.model}", name


def _referenced(told: list[tuple[LogEntry, Pairs]]) -> Names:
    wanted: dict[type[models.Model], set[str]] = defaultdict(set)
    for entry, pairs in told:
        for name, pair in pairs.items():
            model = _leads_to(entry, name)
            if model:
                wanted[model].update(key for value in pair for key in DIGITS.findall(value))
    return {model: model._base_manager.in_bulk([int(value) for value in ids]) for model, ids in wanted.items()}


def _change(entry: LogEntry, name: str, pair: list[str], names: Names) -> Change:
    field = _field(entry, name)
    label = name_of(field) if hasattr(field, "verbose_name") else name
    model = entry.content_type.model_class()
    if MASK in pair or (model and name in _masked_fields(model)):
        return Change(label, pair[0], pair[1], is_masked=True, name=name)
    related = _leads_to(entry, name)
    say = partial(_name, names[related]) if related else _said_by.get(_key(entry, name))
    before, after = (_say(field, value, say) for value in pair)
    return Change(label, before, after, name=name)


def _masked_fields(model: type[models.Model]) -> list[str]:
    return auditlog.get_model_fields(model)["mask_fields"] if auditlog.contains(model) else []


def _masked_words(change: Change) -> str:
    if not change.before:
        return _("added")
    return _("changed") if change.after else _("removed")


def _say(field: Any, value: str, say: Say | None) -> str:
    if value in ("", "None", "[]"):
        return ""
    if isinstance(field, ArrayField):
        items = map(str, literal_eval(value))
        return ", ".join(_say(field.base_field, item, say) for item in items)
    if say:
        return say(value)
    if getattr(field, "choices", None):
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.BooleanField):
        return _("yes") if value == "True" else _("no")
    if isinstance(field, models.DateTimeField):
        at = datetime.fromisoformat(value).replace(tzinfo=UTC)  # auditlog writes instants as naive UTC
        return f"{say_full_day(at)}, {say_time(at)}"
    if isinstance(field, models.DateField):
        return say_full_day(date.fromisoformat(value))
    if isinstance(field, models.TimeField):
        return say_time(time.fromisoformat(value))
    return value


def _name(records: dict[Any, models.Model], key: str) -> str:
    """A reference, a label or a title when it has one; else what it is and its number. Colleagues have names."""
    record = records.get(int(key))
    if record is None:
        return f"#{key}"
    own = next((getattr(record, name) for name in CALLED if getattr(record, name, "")), record)
    return f"{say_model(type(record))} #{key}" if str(own).endswith(f"(#{key})") else str(own)
