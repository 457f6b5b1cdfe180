"""Registering for an event without us: who has the address of its public form, until it begins (F75).

Each event with a form has a token of its own; `Everybody` lists it as well. Its first letters find the event, all are
compared in constant time, and whatever opens nothing is answered alike: nobody learns that there is an event.
"""

import re
import secrets
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from contacts.choices import TextKind
from contacts.models import TextVersion
from contacts.texts import spoken, texts_in_force
from i2a.references import next_reference
from outreach.models import Event, FormEntry, Registration
from outreach.registering import locked, seat_or_wait
from outreach.registrations import with_counts

PATH = "/register/"  # the token stands behind "?": access logs leave that part out
SELECTOR = 8
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
WITH_FORM = [Event.PublicForm.LINK, Event.PublicForm.OPEN]


class Closed(StrEnum):
    """Why nobody can register any more."""

    CANCELLED = "cancelled"
    BEGUN = "begun"


class FormClosed(Exception):
    """The event has begun, or was cancelled."""


class FormUsed(Exception):
    """This very form was sent for another event."""


def new_token() -> str:
    """192 random bits."""
    return secrets.token_urlsafe(24)


def address_of(event: Event) -> str:
    """The whole address of the form, "" for an event without one."""
    if event.public_form not in WITH_FORM:
        return ""
    return f"{settings.I2A_SITE_URL.rstrip('/')}{PATH}?t={event.link_token}"


def event_behind(token: str) -> Event | None:
    if not TOKEN.fullmatch(token):
        return None
    found = Event.objects.filter(public_form__in=WITH_FORM, link_token__startswith=token[:SELECTOR]).first()
    known = found.link_token if found else new_token()
    return found if secrets.compare_digest(known, token) else None


def open_to_everybody(now: datetime) -> "QuerySet[Event]":
    """What is listed on the page without a token."""
    return with_counts(Event.objects.upcoming(now).filter(public_form=Event.PublicForm.OPEN))


def closed_because(event: Event, now: datetime) -> Closed | None:
    if event.cancelled_at:
        return Closed.CANCELLED
    return Closed.BEGUN if event.has_begun(now) else None


def notice_in(language: str, now: datetime) -> TextVersion | None:
    """What stands on the form; without it nothing may be asked (R-CON-06)."""
    return spoken(texts_in_force(now), TextKind.COLLECTION_NOTICE, language)


@transaction.atomic
def enter(*, event: Event, values: dict[str, str], form_uuid: UUID, notice: TextVersion, now: datetime) -> FormEntry:
    """A seat if there is one, else a place on the wait list. The same form sent twice makes one entry.

    `values`: the columns of `FormEntry` that people type. No consent comes of it, and no mail.

    :raises FormClosed: nobody can register any more.
    :raises FormUsed: the form was sent for another event.
    """
    event = locked(event.pk)
    before = FormEntry.objects.select_related("registration").filter(form_uuid=form_uuid).first()
    if before is not None:
        if before.registration.event_id != event.pk:
            raise FormUsed
        return before
    if closed_because(event, now) or event.public_form not in WITH_FORM:
        raise FormClosed
    state = seat_or_wait(event)
    registration = Registration.objects.create(event=event, state=state, registered_at=now, from_form=True)
    ref = next_reference("R", now)
    return FormEntry.objects.create(
        ref=ref, registration=registration, form_uuid=form_uuid, notice_version=notice, **values
    )


@transaction.atomic
def renew_link(event: Event) -> Event:
    """Another address; the old one opens nothing any more."""
    event = locked(event.pk)
    event.link_token = new_token()
    event.save()
    return event
