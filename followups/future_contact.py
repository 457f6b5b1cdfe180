"""Contacting somebody later, up to two years on, because they agreed to it: asked when it is planned and again when the
day has come (R-FUP-06). An answer to the client's own question needs no agreement."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from access.models import User
from access.teams import team_of
from contacts.choices import Channel, Purpose
from contacts.gate import Reason, verdict
from contacts.models import Contact
from followups.calendar import due_on
from followups.models import FollowUp
from followups.rows import lock_open
from followups.selectors import load_calendar
from followups.services import cancel_follow_up

LATEST_IN_MONTHS = 24


class NotAgreed(Exception):
    """They may not be contacted about this in this way; `reason` is the gate's."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = Reason(reason)


def last_day(today: date) -> date:
    """Two years on; from 29 February the day before."""
    try:
        return today.replace(year=today.year + LATEST_IN_MONTHS // 12)
    except ValueError:
        return today.replace(year=today.year + LATEST_IN_MONTHS // 12, day=28)


@transaction.atomic
def plan_future_contact(
    *,
    contact: Contact,
    purpose: Purpose,
    channel: Channel,
    on: date,
    asked: str,
    uid: UUID,
    by: User,
    now: datetime,
) -> FollowUp:
    """Promise ourselves to contact somebody on a day. The same form sent twice (`uid`) plans it once.

    :raises NotAgreed: nothing is planned.
    :raises NoOpenDay: the calendar has no service hours.
    """
    known = FollowUp.objects.filter(uid=uid).first()
    if known is not None:
        return known
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    found = verdict(contact, purpose, channel)
    if not found.is_allowed:
        raise NotAgreed(found.reason)
    due = due_on(on, now, load_calendar())
    return FollowUp.objects.create(
        uid=uid,
        contact=contact,
        team=team_of(by),
        assigned_to=by,
        kind=FollowUp.Kind.FUTURE_CONTACT,
        asked=asked,
        received_at=now,
        due_at=due.at,
        original_due_at=due.at,
        due_steps=[step.as_json() for step in due.steps],
        planned_on=on,
        purpose=purpose,
        channel=channel,
        consent_event=found.event,
        created_by=by,
        created_at=now,
    )


def check_still_agreed(follow_up: FollowUp, *, now: datetime) -> None:
    """Ask again before anybody contacts them. Where they no longer agree, the follow-up ends with that reason.

    :raises NotAgreed: it is cancelled now.
    """
    if follow_up.kind != FollowUp.Kind.FUTURE_CONTACT or not follow_up.is_open:
        return
    assert follow_up.contact is not None  # by constraint
    found = verdict(follow_up.contact, Purpose(follow_up.purpose), Channel(follow_up.channel))
    if not found.is_allowed:
        cancel_follow_up(follow_up=follow_up, reason=found.reason, by=None, now=now)
        raise NotAgreed(found.reason)


def end_without_agreement(*, today: date, now: datetime) -> int:
    """Cancel the future contacts whose day has come and who no longer agree; return how many."""
    due = FollowUp.objects.open().filter(kind=FollowUp.Kind.FUTURE_CONTACT, planned_on__lte=today)
    return sum(_ends(follow_up, now) for follow_up in due.select_related("contact").order_by("pk"))


@transaction.atomic
def _ends(follow_up: FollowUp, now: datetime) -> bool:
    try:
        check_still_agreed(lock_open(follow_up), now=now)
    except NotAgreed:
        return True
    return False
