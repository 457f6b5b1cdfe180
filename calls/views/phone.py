"""The signed entrance for the phone system (docs/guide/phone-system.md)."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from access.teams import NoTeam
from audit.actor import acting_as_system
from audit.models import AccessEvent
from audit.services import record_access
from calls.services import ringing
from calls.services.missed_calls import take_missed_call
from followups.calendar import NoOpenDay
from i2a import clock
from i2a.signed_posts import NotSigned, TooLarge, signed_body

logger = logging.getLogger(__name__)

LARGEST = 10_000
OLDEST, NEWEST = timedelta(days=31), timedelta(minutes=5)


class BadEvent(ValueError):
    """Not what the phone system should send."""


@dataclass(frozen=True)
class Event:
    event_id: str
    kind: str
    at: datetime
    caller: str
    extension: str


@csrf_exempt  # signed by the phone system, which has no session
@require_POST
@login_not_required
def events(request: HttpRequest) -> HttpResponse:
    """200: taken in, now or before. 202: not for us. 400, 401, 413: never as it is. 503: the same once more later."""
    secret = settings.I2A_PHONE_SECRET
    if not secret:
        raise Http404
    try:
        event = read_event(signed_body(request, secret=secret, largest=LARGEST, kept=LARGEST), now=clock.now())
    except NotSigned:
        record_access(kind=AccessEvent.Kind.DENIED, object_type="phone_events")
        return HttpResponse(status=401)
    except TooLarge:
        return HttpResponse(status=413)
    except BadEvent:
        return HttpResponse(status=400)
    return take(event)


def take(event: Event) -> HttpResponse:
    verb = VERBS.get(event.kind)
    if verb is None:
        return HttpResponse(status=202)
    try:
        with acting_as_system("phone"):
            verb(event, clock.now())
    except (NoTeam, NoOpenDay) as trouble:  # mended by a person; the phone system keeps the event meanwhile
        logger.error("a missed call cannot be taken in: %s", type(trouble).__name__)
        return HttpResponse(status=503, headers={"Retry-After": "120"})
    return HttpResponse(status=200)


def rings(event: Event, now: datetime) -> None:
    ringing.ring(event_id=event.event_id, at=event.at, caller=event.caller, extension=event.extension, now=now)


def is_answered(event: Event, _now: datetime) -> None:
    ringing.take_elsewhere(caller=event.caller, extension=event.extension)


def has_ended(event: Event, _now: datetime) -> None:
    ringing.end(caller=event.caller)


def was_missed(event: Event, now: datetime) -> None:
    ringing.end(caller=event.caller)
    take_missed_call(event_id=event.event_id, at=event.at, caller=event.caller, now=now)


VERBS: dict[str, Callable[[Event, datetime], None]] = {
    "call.ringing": rings,
    "call.answered": is_answered,
    "call.ended": has_ended,
    "call.missed": was_missed,
}


def read_event(body: bytes, *, now: datetime) -> Event:
    """:raises BadEvent: no JSON object, or a field is missing, too long or not of its kind."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadEvent from error
    if not isinstance(fields, dict):
        raise BadEvent
    return Event(
        event_id=text_of(fields, "id", most=100),
        kind=text_of(fields, "type", most=40),
        at=time_of(fields, now=now),
        caller=text_of(fields, "from", most=40, may_be_empty=True),
        extension=text_of(fields, "to", most=40, may_be_empty=True),
    )


def text_of(fields: dict[str, Any], name: str, *, most: int, may_be_empty: bool = False) -> str:
    text = fields.get(name, "")
    if not isinstance(text, str) or len(text) > most or not text.isprintable() or not (text or may_be_empty):
        raise BadEvent
    return text


def time_of(fields: dict[str, Any], *, now: datetime) -> datetime:
    """Of the last month, with its offset from UTC."""
    try:
        at = parse_datetime(text_of(fields, "at", most=40))
    except ValueError as error:
        raise BadEvent from error
    if at is None or at.tzinfo is None or not now - OLDEST <= at <= now + NEWEST:
        raise BadEvent
    return at
