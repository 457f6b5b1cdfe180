"""Surveys that wait for a second person, and comments nobody has read yet, for the first page (R-SRV-04)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from i2a.waiting import Waiting, register
from outreach.mailings.waiting import of_others
from surveys.models import Survey
from surveys.results.comments import waiting_by_survey


def approvals(user: Any, now: datetime) -> Iterator[Waiting]:
    if not user.has_perm("surveys.approve_survey"):
        return
    if n := of_others(Survey.objects, user).count():
        words = ngettext("%(n)d survey waits for your approval.", "%(n)d surveys wait for your approval.", n)
        yield Waiting(words % {"n": n}, f"{reverse('surveys:list')}?show=approval")


def comments(user: Any, now: datetime) -> Iterator[Waiting]:
    """One line a survey: they are read one survey at a time."""
    if not user.has_perm("surveys.screen_comment"):
        return
    for uid, title, n in waiting_by_survey(Survey.objects.visible_to(user)):
        words = ngettext(
            "%(n)d comment of “%(title)s” waits to be read.", "%(n)d comments of “%(title)s” wait to be read.", n
        )
        yield Waiting(words % {"n": n, "title": title}, reverse("surveys:screening", args=[uid]))


def register_waiting() -> None:
    register("surveys", approvals)
    register("comments", comments)
