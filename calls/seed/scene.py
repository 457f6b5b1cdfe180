"""What the calls of the demonstration have in common."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from access.models import User
from calls.models import Occupation, Script
from calls.seed.batch import Batch
from calls.seed.details import Shelf
from calls.seed.people import Person
from contacts.choices import Language
from contacts.models import Contact, TextVersion
from followups.calendar import Calendar
from followups.models import FollowUp


@dataclass
class Scene:
    """The rows every call points at, looked up once; and the contacts and follow-ups as they come into being."""

    users: dict[str, User]
    people: list[Person]
    calendar: Calendar
    texts: dict[str, dict[str, TextVersion]]
    script: Script
    occupations: list[Occupation]
    shelf: Shelf
    random: Random
    last_heard: dict[int, datetime]
    batch: Batch = field(default_factory=Batch)
    contacts: dict[int, Contact] = field(default_factory=dict)
    promises: dict[int, FollowUp] = field(default_factory=dict)


def language_of(person: Person | None) -> Language:
    return Language.FR if person and person.writes_french else Language.EN
