"""Follow-ups in all their states: one nobody took, one to hand over, one that waits, plans, one moved by a closure."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from access.demo import OVERDUE
from access.models import User
from contacts.choices import Channel, Purpose
from contacts.models import Contact
from followups.calendar_changes import change_calendar, close_days
from followups.future_contact import plan_future_contact
from followups.models import FollowUp
from followups.pausing import pause_follow_up
from followups.selectors import load_calendar
from followups.services import raise_follow_up
from i2a.clock import EDMONTON

WHOM_NOBODY_TOOK = "max.erfunden@example.org"
WHO_SENDS_MORE = "olena.kovalenko@example.com"
WHOSE_COLLEAGUE_LACKS_TRAINING = "ayse.hayali@example.com"
WHO_IS_INVITED_LATER = "info@pennywhistle-moot.example.com"
PLANS = [("Invite to the seminar for law firms", 35), ("Ask how the seminar went", 60)]


def add_follow_ups(contacts: Iterable[Contact], users: dict[str, User], now: datetime) -> None:
    found, maya = {contact.email: contact for contact in contacts}, users["maya"]
    if WHOM_NOBODY_TOOK in found:
        ask(found[WHOM_NOBODY_TOOK], "Which permits let him buy a farm, left on voicemail", None, maya, now)
    if WHO_SENDS_MORE in found:
        waiting = ask(found[WHO_SENDS_MORE], "Whether her nursing diploma counts here", maya, maya, now)
        pause_follow_up(follow_up=waiting, reason="She sends the diploma", by=maya, now=now - timedelta(minutes=40))
    if WHOSE_COLLEAGUE_LACKS_TRAINING in found:
        noor = User.objects.get(username=OVERDUE.username)
        ask(found[WHOSE_COLLEAGUE_LACKS_TRAINING], "Whether her permit can be extended from here", noor, noor, now)
    if WHO_IS_INVITED_LATER in found:
        plan(found[WHO_IS_INVITED_LATER], maya, now)


def ask(contact: Contact, asked: str, assigned_to: User | None, by: User, now: datetime) -> FollowUp:
    asked_at = now - timedelta(minutes=90)
    return raise_follow_up(
        contact=contact, team=contact.team, assigned_to=assigned_to, kind=FollowUp.Kind.REPLY, asked=asked,
        received_at=asked_at, by=by, now=asked_at,
    )  # fmt: skip


def plan(contact: Contact, by: User, now: datetime) -> None:
    """The day of the second plan is then closed, which moves it to the next one."""
    for asked, days in PLANS:
        day = next(open_days(now.astimezone(EDMONTON).date() + timedelta(days=days)))
        plan_future_contact(
            contact=contact, purpose=Purpose.SEMINAR, channel=Channel.EMAIL, on=day, asked=asked,
            uid=uuid5(NAMESPACE_URL, f"i2a demonstration: {asked}"), by=by, now=now,
        )  # fmt: skip
    change_calendar(edit=close_days(day, day, name="Staff training", name_fr="Formation du personnel"), now=now)


def open_days(first: date) -> Iterator[date]:
    calendar = load_calendar()
    days = (first + timedelta(days=offset) for offset in range(366))
    return (day for day in days if calendar.blocks_on(day))
