"""Mailings that wait for a second person, for the first page of whoever may be that person (R-CMP-02)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import ngettext

from i2a.waiting import Waiting, register
from outreach.models import Campaign


def of_others(mailings: Any, user: Any) -> Any:
    """Those that were asked for, without the ones this person had a hand in."""
    own = Q(created_by=user) | Q(changed_by=user) | Q(asked_by=user)
    return mailings.visible_to(user).filter(state="asked").exclude(own)


def campaigns(user: Any, now: datetime) -> Iterator[Waiting]:
    if not user.has_perm("outreach.approve_campaign"):
        return
    if n := of_others(Campaign.objects, user).count():
        words = ngettext("%(n)d campaign waits for your approval.", "%(n)d campaigns wait for your approval.", n)
        yield Waiting(words % {"n": n}, f"{reverse('campaigns:list')}?show=approval")


def register_waiting() -> None:
    register("campaigns", campaigns)
