"""A note of its own, amended once: how notes look at first sight."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from access.models import User
from contacts.models import Contact
from contacts.services.notes import add_note, amend_note

WHOSE = "olena.kovalenko@example.com"
FIRST = "Sent her résumé to the career line. Waits for an answer from two shops in Red Deer."
AMENDED = "Sent her résumé to the career line. Has an interview in Red Deer, asks what to bring."


def add_amended_note(contacts: Iterable[Contact], users: dict[str, User], now: datetime) -> None:
    contact = next(contact for contact in contacts if contact.email == WHOSE)
    note = add_note(
        contact=contact, team=contact.team, body=FIRST, by=users["tomas"], now=now - timedelta(days=2, hours=3)
    )
    amend_note(note=note, version=1, body=AMENDED, by=users["priya"], now=now - timedelta(days=1, hours=2))
