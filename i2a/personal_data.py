"""The data dictionary (R-CON-05, N6): what each column that says something of a person is for, and who may see it.

Each app declares its models in `<app>/personal_data.py`. A test walks the schema: a column that is neither declared
personal nor listed under a reason why it is not fails, and so does a name that may not be collected at all. Keys and
links need no entry: what they lead to has its own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Authority(TextChoices):
    SERVICE = "service", _("POPA s. 4(c): needed to run the service")
    CONSENT = "consent", _("CASL s. 6, 13: express consent and its proof")
    SAFEGUARD = "safeguard", _("POPA: protection against unauthorised access")


class SeenBy(TextChoices):
    TEAM = "team", _("The team of the record, team lead, manager and privacy officer")
    REGISTER = "register", _("Manager, access administrator and privacy officer")
    OWNER = "owner", _("Only who typed it")
    CALLED = "called", _("Only who is called")
    REGISTERS = (
        "registers",
        _("Who registers people for events, and the privacy officer; once matched to a contact, who sees the contact"),
    )
    RESULTS = "results", _("Who reads the results; in groups of five or more")
    NOBODY = "nobody", _("Nobody; the system compares it")


class Kept(TextChoices):
    CONTACT = "contact", _("With the contact: 36 months after the last activity, at least 12, then blanked")
    ADDRESS = "address", _("While they agree to future contact; erased in the moment that ends")
    CALL = "call", _("With the call; without the person it stays for statistics")
    PROOF = "proof", _("Stays as proof after the contact is blanked")
    DRAFT = "draft", _("One day at most")
    RINGING = "ringing", _("Two minutes at most")
    FOLLOW_UP = "follow_up", _("While the answer is owed; erased in the moment that ends")
    UNDO = "undo", _("30 days, then erased")
    EVENT = "event", _("30 days after the event, or after a colleague dismissed it, then erased")
    SURVEY = "survey", _("With the survey; nothing in it says whose it is")
    SESSION = "session", _("Until signing out or the session ends")
    STAFF = "staff", _("While the records that name them are kept")


class NotPersonal(TextChoices):
    STATE = "state", _("State of the record")
    TIME = "time", _("When something happened")
    WORKING = "working", _("What the system needs to work")
    OUR_WORDS = "our_words", _("Our own words, lists and settings")
    REFERENCE = "reference", _("A number of ours that is read aloud")


@dataclass(frozen=True)
class Personal:
    """Columns with one purpose."""

    columns: str
    purpose: str | Promise
    kept: Kept
    seen_by: SeenBy = SeenBy.TEAM
    authority: Authority = Authority.SERVICE


@dataclass(frozen=True)
class Record:
    title: str | Promise
    personal: tuple[Personal, ...]
    not_personal: Mapping[NotPersonal, str]


RECORDS: dict[str, Record] = {}
# Words in the name of a column that may never exist (R-CON-05).
FORBIDDEN = {
    "birth", "born", "birthday", "dob", "age", "gender", "sex", "sin", "passport", "uci", "photo", "picture", "marital",
    "married", "spouse", "religion", "religious", "health", "medical", "ethnicity", "race",
}  # fmt: skip


def declare(
    model: str, title: str | Promise, *personal: Personal, not_personal: Mapping[NotPersonal, str] | None = None
) -> None:
    RECORDS[model] = Record(title, personal, not_personal or {})


def undeclared(model: type[models.Model], record: Record | None) -> list[str]:
    """Columns of the schema that the dictionary does not know."""
    known: set[str] = set()
    if record:
        known.update(*(about.columns.split() for about in record.personal))
        known.update(*(columns.split() for columns in record.not_personal.values()))
    return [field.name for field in model._meta.concrete_fields if not is_key(field) and field.name not in known]


def outdated(model: type[models.Model], record: Record) -> list[str]:
    """Entries whose column is gone, or which stand in two places."""
    told = [name for about in record.personal for name in about.columns.split()]
    told += [name for columns in record.not_personal.values() for name in columns.split()]
    columns = {field.name for field in model._meta.concrete_fields}
    return [name for name in told if name not in columns or told.count(name) > 1]


def refused(model: type[models.Model]) -> list[str]:
    """Columns whose name says that they hold what may not be collected."""
    names = [field.name for field in model._meta.concrete_fields]
    return [name for name in names if FORBIDDEN & set(re.findall(r"[a-z]+", name.lower()))]


def is_key(field: models.Field) -> bool:  # type: ignore[type-arg]
    return field.is_relation or isinstance(field, models.AutoField | models.UUIDField)
