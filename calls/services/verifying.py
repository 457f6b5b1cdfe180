"""The outbound call that verifies an e-mail address, and what it causes (R-INF-02)."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from access.models import User
from access.teams import team_of
from calls.choices import CallingFor, Direction, FollowUpDecision, Service, SurveyNotice
from calls.models import Call, CallService, CallTopic
from calls.services.information import write_ledger
from contacts.models import Contact
from followups.calendar import state_at
from followups.models import FollowUp
from followups.selectors import load_calendar
from followups.services import close_follow_up
from followups.verifying import Resent, send_again
from i2a.references import next_reference


@transaction.atomic
def record_verification(
    *, follow_up: FollowUp, email: str, contact_version: int, version: int, by: User, now: datetime
) -> Call:
    """The client was phoned and said the address: it is written down, the same documents leave, nothing is owed.

    :raises StaleVersion: somebody changed the contact meanwhile.
    :raises StaleFollowUp, FollowUpNotOpen: somebody changed or ended the follow-up meanwhile. Nothing was written.
    """
    ref = next_reference("C", now)
    phone = FollowUp.Method.PHONE
    closed = close_follow_up(follow_up=follow_up, method=phone, outcome=ref, version=version, by=by, now=now)
    resent = send_again(follow_up=closed, email=email, version=contact_version, by=by, now=now)
    keep_ledger(resent)
    return log_call(ref, closed, resent, by=by, now=now)


def log_call(ref: str, answered: FollowUp, resent: list[Resent], *, by: User, now: datetime) -> Call:
    """The outbound call, about what the documents were asked for."""
    contact = answered.contact
    assert contact is not None  # a verification has one
    first = first_call(resent)
    call = Call.objects.create(
        ref=ref,
        form_uuid=uuid4(),  # twice sent, the follow-up refuses the second
        team=team_of(by),
        specialist=by,
        contact=contact,
        started_at=now,
        ended_at=now,
        is_outside_hours=not state_at(now, load_calendar()).is_open,
        direction=Direction.OUT,
        follow_up_decision=FollowUpDecision.NONE,
        answers_follow_up=answered,
        survey_notice=SurveyNotice.NOT_FIRST,
        message=resent[0].new if resent else None,
        created_at=now,
        **who_called(first, contact),
    )
    CallService.objects.create(call=call, service=Service.EMAILED if resent else Service.ANSWERED)
    for row in first.topics.all() if first else []:
        about = {"topic": row.topic, "description": row.description, "source": row.source, "agency": row.agency}
        CallTopic.objects.create(call=call, **about)
    return call


def keep_ledger(resent: list[Resent]) -> None:
    """The same versions went out again."""
    for pair in resent:
        write_ledger(pair.new, [sent.version for sent in pair.old.documents.select_related("version").order_by("pk")])


def first_call(resent: list[Resent]) -> Call | None:
    """The one on which the documents were asked for."""
    return Call.objects.filter(message__in=[pair.old for pair in resent]).order_by("pk").first()


def who_called(first: Call | None, contact: Contact) -> dict[str, Any]:
    """For statistics, what was known when the documents were asked for; else what the contact says."""
    if first:
        names = ["calling_for", "category", "third_party_kind", "category_other", "stat_citizenship", "stat_origin"]
        return {name: getattr(first, name) for name in names}
    names = ["category", "third_party_kind", "category_other"]
    return {"calling_for": CallingFor.UNKNOWN} | {name: getattr(contact, name) for name in names}
