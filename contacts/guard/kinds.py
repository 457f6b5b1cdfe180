"""What the guard can find, how grave it is, and where it stands."""

from dataclasses import dataclass
from enum import Enum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The label ends the sentence "This looks like …"."""

    SIN = "sin", _("a Social Insurance Number")
    CARD = "card", _("a payment card number")
    POSSIBLE_SIN = "possible_sin", _("a number that may be a Social Insurance Number")
    POSSIBLE_CARD = "possible_card", _("a number that may be a payment card number")
    HEALTH = "health", _("an Alberta health number")
    UCI = "uci", _("a client number of the federal immigration department (UCI)")
    PASSPORT = "passport", _("a passport number")
    BIRTH_DATE = "birth_date", _("a date of birth")
    POSTAL_CODE = "postal_code", _("a postal code, and no address may be kept")


class Severity(Enum):
    REFUSE = "refuse"
    WARN = "warn"


REFUSED = {Kind.SIN, Kind.CARD}


@dataclass(frozen=True)
class Finding:
    """Where in the text something was found. What it is stays in the text."""

    kind: Kind
    start: int
    end: int

    @property
    def severity(self) -> Severity:
        return Severity.REFUSE if self.kind in REFUSED else Severity.WARN
