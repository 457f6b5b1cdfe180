"""The data dictionary as a page prints it: what is declared, and what the history of changes does with each column."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.registry import auditlog
from i2a.field_names import name_of
from i2a.personal_data import RECORDS, Personal, Record


class Audited(TextChoices):
    MASKED = "masked", _("Changes recorded, the value hidden")
    RECORDED = "recorded", _("Changes recorded with the value")
    NOT = "not", _("Not in the history of changes")


@dataclass(frozen=True)
class Line:
    """One column as the page prints it."""

    label: str
    column: str
    about: Personal
    audited: Audited


def audit_of(model: type[models.Model], column: str) -> Audited:
    """Asked of auditlog itself, so that the dictionary cannot promise what is not so."""
    if not auditlog.contains(model):
        return Audited.NOT
    registered = auditlog.get_model_fields(model)
    if registered["include_fields"] and column not in registered["include_fields"]:
        return Audited.NOT
    return Audited.MASKED if column in registered["mask_fields"] else Audited.RECORDED


PLACES = {"contacts.Contact": 0, "sessions.Session": 2}  # of all others 1: as the apps stand, the lowest first


def dictionary() -> Iterable[tuple[Record, list[Line]]]:
    """Every record with personal data: the contact first, as readers look for it; what signs people in last."""
    for model in sorted(apps.get_models(), key=lambda model: PLACES.get(model._meta.label, 1)):
        record = RECORDS.get(model._meta.label)
        if record and record.personal:
            yield record, _lines(record, model)


def _lines(record: Record, model: type[models.Model]) -> list[Line]:
    return [
        Line(name_of(model._meta.get_field(name)), name, about, audit_of(model, name))
        for about in record.personal
        for name in about.columns.split()
    ]
