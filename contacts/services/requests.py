"""Asking to see a contact one may not see, or telling its team something; and the answers (R-CON-11, F92)."""

from datetime import datetime, timedelta

from django.db import transaction

from access.models import ObjectGrant, User
from contacts.models import Contact, RecordRequest
from contacts.services import grants
from i2a import clock

Kind, Status = RecordRequest.Kind, RecordRequest.Status


class AnsweredAlready(Exception):
    """Somebody else decided about it before."""


class OwnRequest(Exception):
    """Somebody else decides about one's own request."""


@transaction.atomic
def ask(
    *, contact: Contact, kind: RecordRequest.Kind, reason: str, by: User, now: datetime, source_ref: str = ""
) -> RecordRequest:
    """Put a request before those who decide. Somebody who asked for access already has that request back."""
    Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)  # two clicks, one request
    open_request = RecordRequest.objects.open().filter(contact=contact, asked_by=by, kind=Kind.ACCESS).first()
    if open_request is not None and kind == Kind.ACCESS:
        return open_request
    return RecordRequest.objects.create(
        contact=contact, kind=kind, reason=reason, source_ref=source_ref, asked_by=by, asked_at=now
    )


@transaction.atomic
def tell_owners(*, contacts: list[Contact], reason: str, by: User, now: datetime) -> bool:
    """A notice to each team that owns one of `contacts`, which have one number or address; whether there was one to
    write. Who told a team today, and has not been read yet, tells it no second time."""
    matches = Contact.objects.filter(pk__in=[contact.pk for contact in contacts])
    list(matches.select_for_update(of=("self",)).order_by("pk"))  # two clicks, one notice
    today = RecordRequest.objects.open().filter(asked_at__gte=clock.midnight(now))
    notices = today.filter(asked_by=by, kind=Kind.NOTICE, source_ref="")
    told = set(notices.filter(contact__in=matches).values_list("contact__team", flat=True))
    told_before = len(told)
    for contact in contacts:
        if contact.team_id not in told:
            told.add(contact.team_id)
            ask(contact=contact, kind=Kind.NOTICE, reason=reason, by=by, now=now)
    return len(told) > told_before


@transaction.atomic
def grant_request(*, request: RecordRequest, days: int, by: User, now: datetime) -> RecordRequest:
    """Let the person read the record for `days` days from now.

    :raises AnsweredAlready: :raises OwnRequest: see there.
    :raises AlreadyGranted: they have been let in by another way; the request stays open.
    """
    request = lock_open(request, by)
    request.grant = grants.grant_access(
        contact=request.contact,
        to=request.asked_by,
        basis=ObjectGrant.Basis.REQUESTED,
        reason=request.reason,
        until=now + timedelta(days=days),
        by=by,
        now=now,
    )
    return answer(request, Status.GRANTED, "", by=by, now=now)


@transaction.atomic
def refuse_request(*, request: RecordRequest, reason: str, by: User, now: datetime) -> RecordRequest:
    """:raises AnsweredAlready: :raises OwnRequest: see there."""
    return answer(lock_open(request, by), Status.REFUSED, reason, by=by, now=now)


@transaction.atomic
def mark_seen(*, request: RecordRequest, by: User, now: datetime) -> RecordRequest:
    """A notice needs no more than being read.

    :raises AnsweredAlready: :raises OwnRequest: see there.
    """
    return answer(lock_open(request, by), Status.SEEN, "", by=by, now=now)


@transaction.atomic
def take_back(*, source_ref: str, now: datetime) -> None:
    """The call that these were about was undone."""
    for request in RecordRequest.objects.open().select_for_update().filter(source_ref=source_ref):
        request.status, request.answer, request.answered_at = Status.SEEN, "The call was undone.", now
        request.save(update_fields=["status", "answer", "answered_at"])


def lock_open(request: RecordRequest, by: User) -> RecordRequest:
    locked = (
        RecordRequest.objects.select_for_update(of=("self",)).select_related("contact", "asked_by").get(pk=request.pk)
    )
    if locked.status != Status.OPEN:
        raise AnsweredAlready
    if locked.asked_by == by:
        raise OwnRequest
    return locked


def answer(
    request: RecordRequest, status: RecordRequest.Status, words: str, *, by: User, now: datetime
) -> RecordRequest:
    request.status, request.answer, request.answered_by, request.answered_at = status, words, by, now
    request.save(update_fields=["status", "answer", "answered_by", "answered_at", "grant"])
    return request
