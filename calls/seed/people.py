"""Callers of the demonstration, from `people.csv`: invented, with fictional numbers and example domains."""

import csv
from dataclasses import dataclass
from pathlib import Path

from contacts.choices import FutureContact, Purpose

PEOPLE_FILE = Path(__file__).with_name("people.csv")
SAME_COLUMNS = [
    "name", "organisation", "organisation_type", "category", "third_party_kind", "language", "citizenship", "email",
]  # fmt: skip
ADDRESS_COLUMNS = ["street", "city", "postal_code"]


@dataclass(frozen=True)
class Person:
    """`phone` is as it was typed; `purposes` is what they agreed to when `answer` is AGREED."""

    columns: dict[str, str]
    phone: str
    team: str
    answer: FutureContact
    purposes: list[Purpose]
    materials_only: bool
    do_not_contact: bool

    @property
    def writes_french(self) -> bool:
        return self.columns["language"] == "fr"


def read_people() -> list[Person]:
    with PEOPLE_FILE.open(encoding="utf-8", newline="") as file:
        return [_person(row) for row in csv.DictReader(file)]


def _person(row: dict[str, str]) -> Person:
    columns = {name: row[name] for name in SAME_COLUMNS}
    columns |= {"name_latin": row["latin"], "origin_country": row["origin"]}
    if row["street"]:
        columns |= {name: row[name] for name in ADDRESS_COLUMNS} | {"region": "Alberta", "residence_country": "CA"}
    purposes = [Purpose(code) for code in row["answer"].split() if code != "no"]
    return Person(
        columns=columns,
        phone=row["phone"],
        team=row["team"],
        answer=_answer(row["answer"]),
        purposes=purposes,
        materials_only=row["rule"] == "materials_only",
        do_not_contact=row["rule"] == "do_not_contact",
    )


def _answer(words: str) -> FutureContact:
    """ "" was never asked, "no" declined, anything else names the purposes."""
    if not words:
        return FutureContact.NOT_ASKED
    return FutureContact.DECLINED if words == "no" else FutureContact.AGREED
