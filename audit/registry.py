"""Which models have a readable history, and what a save of them leaves in it (R-AUD-01).

auditlog's registry and entries with receivers of our own: its own load the old record whole and put every field into
words, which took twice as long as the save itself. These read the registered columns and say only what differs.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import repeat
from typing import Any

from auditlog import get_logentry_model
from auditlog.models import AbstractLogEntry
from auditlog.receivers import check_disable
from auditlog.registry import AuditlogModelRegistry
from django.db import connection, models
from django.db.models.signals import post_delete, post_save, pre_save

from audit.masking import mask

Model = type[models.Model]
Fields = Sequence[Any]
Changes = dict[str, tuple[str, str]]
Action = AbstractLogEntry.Action
STORED = "SELECT {columns} FROM {table} WHERE {key} = %s"
NOTHING = repeat(None)  # what a record held before it was created, and holds after it was deleted


@check_disable
def log_create(sender: Model, instance: models.Model, created: bool, **kwargs: Any) -> None:
    if created:
        _log(instance, Action.CREATE, created_with(instance))


@check_disable
def log_update(sender: Model, instance: models.Model, update_fields: Any = None, **kwargs: Any) -> None:
    """Against what the database holds, whatever the instance held when it was read."""
    if instance._state.adding or instance.pk is None:
        return
    fields = fields_of(sender)
    if update_fields is not None:
        fields = tuple(field for field in fields if {field.name, field.attname} & {*update_fields})
    if fields:
        _log(instance, Action.UPDATE, _difference(sender, fields, _stored(instance, fields), _held(instance, fields)))


@check_disable
def log_delete(sender: Model, instance: models.Model, **kwargs: Any) -> None:
    fields = fields_of(sender)
    _log(instance, Action.DELETE, _difference(sender, fields, _held(instance, fields), NOTHING))


auditlog = AuditlogModelRegistry(
    access=False, custom={post_save: log_create, pre_save: log_update, post_delete: log_delete}
)


def _log(instance: models.Model, action: int, changes: Changes) -> None:
    if changes:
        get_logentry_model().objects.tell(instance, action, changes)


def created_with(instance: models.Model) -> Changes:
    model = type(instance)
    return _difference(model, fields_of(model), NOTHING, _held(instance, fields_of(model)))


@cache
def fields_of(model: Model) -> Fields:
    named = auditlog._registry[model]["include_fields"]
    return tuple(model._meta.get_field(name) for name in named) if named else model._meta.concrete_fields


def _held(instance: models.Model, fields: Fields) -> list[Any]:
    return [getattr(instance, field.attname) for field in fields]


def _stored(instance: models.Model, fields: Fields) -> Iterable[Any]:
    sql, converted = _question(type(instance), fields)
    with connection.cursor() as cursor:
        cursor.execute(sql, [instance.pk])
        row = cursor.fetchone()
    if row is None:
        return NOTHING
    values = list(row)
    for place, field in converted:
        for convert in field.get_db_converters(connection):
            values[place] = convert(values[place], field.cached_col, connection)
    return values


@lru_cache(1000)
def _question(model: Model, fields: Fields) -> tuple[str, list[tuple[int, Any]]]:
    """Written by hand and once: making the ORM's statement for 40 columns takes ten times as long as asking.

    With the places of what is not as the database gives it.
    """
    quote, about = connection.ops.quote_name, model._meta
    columns = ", ".join(quote(field.column) for field in fields)
    converted = [(place, field) for place, field in enumerate(fields) if field.get_db_converters(connection)]
    return STORED.format(columns=columns, table=quote(about.db_table), key=quote(str(about.pk.column))), converted


def _difference(model: Model, fields: Fields, before: Iterable[Any], after: Iterable[Any]) -> Changes:
    masked = auditlog._registry[model]["mask_fields"]
    changes = {}
    for field, old, new in zip(fields, before, after, strict=False):
        if old == new:
            continue
        pair = _in_words(field, old), _in_words(field, new)
        if pair[0] != pair[1]:
            changes[field.name] = (mask(pair[0]), mask(pair[1])) if field.name in masked else pair
    return changes


def _in_words(field: Any, value: Any) -> str:
    """As auditlog writes it, and `audit.history` reads it: instants as naive UTC."""
    if value is None:
        return "None"
    if isinstance(field, models.DateTimeField):
        at: datetime = field.to_python(value)
        return str(at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at)
    if isinstance(field, models.JSONField):
        return json.dumps(value, sort_keys=True, cls=field.encoder)
    return str(value)
