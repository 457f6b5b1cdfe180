"""Follow-ups of a contact, as "do not contact" sees them: answers we owe are asked about, later contact ends."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from access.models import User
from contacts.models import Contact
from contacts.pending import Fate, Source, Work, register
from followups.models import FollowUp
from followups.services import cancel_follow_up, take_back_cancelling
from i2a.wall_time import say_day, say_time

REASON = "The client asked not to be contacted"  # stored, so not translated


def register_source() -> None:
    """Called once, when the apps are ready."""
    register(Source("followups", 10, works_of, end, resume))


def key_of(follow_up: FollowUp) -> str:
    return f"followup:{follow_up.uid}"


def is_owed(follow_up: FollowUp) -> bool:
    return follow_up.kind != FollowUp.Kind.FUTURE_CONTACT


def open_of(contact: Contact) -> list[FollowUp]:
    return list(FollowUp.objects.open().filter(contact=contact).order_by("due_at", "pk"))


def works_of(contact: Contact) -> list[Work]:
    return [
        Work(
            key_of(follow_up),
            Fate.ASKED if is_owed(follow_up) else Fate.ENDS,
            follow_up.asked or follow_up.get_kind_display(),
            _("%(kind)s, due %(day)s, %(time)s")
            % {
                "kind": follow_up.get_kind_display(),
                "day": say_day(follow_up.due_at),
                "time": say_time(follow_up.due_at),
            },
        )
        for follow_up in open_of(contact)
    ]


def end(contact: Contact, dropped: Collection[str], by: User, now: datetime) -> None:
    for follow_up in open_of(contact):
        if not is_owed(follow_up) or key_of(follow_up) in dropped:
            cancel_follow_up(follow_up=follow_up, reason=REASON, by=by, now=now)


def resume(contact: Contact, at: datetime, by: User) -> None:
    ended = FollowUp.objects.filter(contact=contact, status=FollowUp.Status.CANCELLED, cancelled_at=at)
    for follow_up in ended.filter(cancel_reason=REASON):
        take_back_cancelling(follow_up=follow_up)
