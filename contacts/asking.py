"""What became of one's own requests about records one may not see (R-CON-11). Nothing of the record is in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.urls import reverse

from contacts.models import RecordRequest

NEWS_FOR = timedelta(days=7)  # so long an answer, or the end of what was given, stands on the first page


class State(StrEnum):
    WAITS = "waits"
    GIVEN = "given"
    LAPSED = "lapsed"
    ENDED = "ended"  # by somebody, before its time
    REFUSED = "refused"
    SEEN = "seen"


@dataclass(frozen=True)
class Asked:
    """`url` opens the record, as long as access to it lasts."""

    row: RecordRequest
    state: State
    url: str


def asked_by(user: Any) -> Any:
    """Newest first, whatever was asked."""
    rows = RecordRequest.objects.filter(asked_by=user).select_related("answered_by", "grant")
    return rows.order_by("-asked_at", "-pk")


def news_for(user: Any, now: datetime) -> list[Asked]:
    """Requests for access that wait, or that something happened to in the last days."""
    since = now - NEWS_FOR
    recent = Q(status=RecordRequest.Status.OPEN) | Q(answered_at__gte=since) | Q(grant__until__gte=since)
    return states_of(asked_by(user).filter(recent, kind=RecordRequest.Kind.ACCESS)[:3], now)


def states_of(rows: Iterable[RecordRequest], now: datetime) -> list[Asked]:
    return [Asked(row, state := state_of(row, now), url_of(row, state)) for row in rows]


def state_of(row: RecordRequest, now: datetime) -> State:
    """Asked of the clock, not of the nightly job: what is over has lapsed."""
    if row.grant is None:
        answered = {RecordRequest.Status.REFUSED: State.REFUSED, RecordRequest.Status.SEEN: State.SEEN}
        return answered.get(RecordRequest.Status(row.status), State.WAITS)
    if row.grant.revoked_by_id is not None:
        return State.ENDED
    is_over = row.grant.revoked_at is not None or row.grant.until is None or row.grant.until <= now
    return State.LAPSED if is_over else State.GIVEN


def url_of(row: RecordRequest, state: State) -> str:
    """The register knows the record that it became by a merge."""
    return reverse("contacts:detail", args=[row.grant.object_uid]) if row.grant and state == State.GIVEN else ""
