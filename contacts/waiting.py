"""Requests for a record that somebody asked to see, for the first page of those who decide (R-CON-11)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from contacts.models import RecordRequest
from i2a.waiting import Waiting, register


def to_decide(user: Any) -> int:
    return RecordRequest.objects.to_decide(user).count() if user.has_perm("contacts.grant_access") else 0


def record_requests(user: Any, now: datetime) -> Iterator[Waiting]:
    if n := to_decide(user):
        words = ngettext("%(n)d request about a record waits for you.", "%(n)d requests about records wait for you.", n)
        yield Waiting(words % {"n": n}, reverse("contacts:requests"))


def register_waiting() -> None:
    register("record_requests", record_requests)
