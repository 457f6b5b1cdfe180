"""A database constraint is the last word; this turns it into the words a person can act on (requirement T-02)."""

from collections.abc import Callable
from functools import cache
from typing import TypeVar

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

T = TypeVar("T")

FALLBACK = _("This cannot be saved: it contradicts a rule of the database. Nothing was changed.")


@cache
def constraints_by_name() -> dict[str, models.BaseConstraint]:
    return {constraint.name: constraint for model in apps.get_models() for constraint in model._meta.constraints}


def name_of(error: IntegrityError) -> str:
    """Of the constraint that was broken, "" when the database does not say."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


def message_for(error: IntegrityError) -> str:
    """The constraint's own `violation_error_message`; a sentence of our own where it has none."""
    constraint = constraints_by_name().get(name_of(error))
    if (
        constraint is None
        or constraint.violation_error_message == models.BaseConstraint.default_violation_error_message
    ):
        return str(FALLBACK)
    return str(constraint.violation_error_message)


def saved(form: BaseForm, save: Callable[[], T]) -> T | None:
    """Run `save`; on a constraint error undo it, put its message on the form and return None."""
    try:
        with transaction.atomic():
            return save()
    except IntegrityError as error:
        form.add_error(None, message_for(error))
        return None
