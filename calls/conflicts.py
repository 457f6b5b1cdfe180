"""Two people corrected one call: what differs, and how the second one's changes are applied all the same (R-CAL-11)."""

import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from calls.forms.correct import CorrectForm, Sent
from contacts.countries import CountryField, country_name
from i2a.conflicts import Difference


@dataclass(frozen=True)
class Conflict:
    """`entries` are names and values of hidden inputs that save the entries over what is saved now."""

    differences: list[Difference]
    entries: list[tuple[str, str]]


def conflict_of(form: CorrectForm) -> Conflict:
    """`form` is bound to the entries and to the call as it is saved now.

    Only what this person changed themselves is applied again, so that the other one's changes stay (story 9).
    """
    seen, typed, saved = _seen(form), form.sent(), form.saved()
    names = form.answer_names()
    mine = {name for name in names if typed.get(name) != seen.get(name)}
    differences = [
        Difference(
            label=_label(form, name),
            mine=_say(form, name, typed.get(name, [])) if name in mine else _("As saved now: you did not change it"),
            theirs=_say(form, name, saved.get(name, [])),
            is_mine=name in mine,
        )
        for name in names
        if typed.get(name) != saved.get(name)
    ]
    merged = {name: (typed if name in mine else saved).get(name, []) for name in names}
    entries = [(name, value) for name, values in merged.items() for value in values]
    versions = [(name, str(form.initial[name])) for name in ("version", "note_version")]
    return Conflict(differences, [*versions, ("seen", json.dumps(saved)), *entries])


def _seen(form: CorrectForm) -> Sent:
    """What the form showed first. Without it (a hand-made request) everything counts as changed."""
    try:
        seen = json.loads(form.data.get("seen", ""))
    except (ValueError, RecursionError):
        return {}
    return seen if isinstance(seen, dict) else {}


def _label(form: CorrectForm, name: str) -> str:
    """Fields that belong to a topic are named with it: "Work permits: whose information was it?"."""
    label = str(form.fields[name].label)
    topic = form.fields.get(f"topic_{name.rpartition('_')[2]}")
    if topic is None or topic is form.fields[name]:
        return label
    return _("%(topic)s: %(field)s") % {"topic": topic.label, "field": label}


def _say(form: CorrectForm, name: str, values: list[str]) -> str:
    field = form.fields[name]
    if isinstance(field, forms.BooleanField):
        return _("Yes") if values else _("No")
    if isinstance(field, CountryField):
        return ", ".join(map(country_name, values))
    choices: Any = field.choices if isinstance(field, forms.ChoiceField) else []
    words = {str(value): label for value, label in choices}
    return ", ".join(str(words.get(value, value)) for value in values)
