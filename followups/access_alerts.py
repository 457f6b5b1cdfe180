"""Telling colleagues what stands in the tables of access: that their training runs out, that all access is to be
confirmed, that the nightly check found something. Here because only the business calendar knows when somebody reads it.

The mails hold a link and nothing about anybody.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from access.models import AccessReview, DriftReport, TrainingReminder, User
from access.roles import Role
from access.services.grants import owner_at
from followups.alerts import holders_of, is_open_at
from followups.selectors import recent_calendar
from i2a.wall_time import say_full_day
from outbox.alerts import tell
from outbox.models import StaffAlert

STALE = timedelta(days=7)
LAST_CALL = timedelta(days=4)


def tell_about_access(*, now: datetime) -> int:
    """Queue what nobody was told yet; return how many mails. In service hours only. Safe to run twice."""
    if not is_open_at(now, recent_calendar()):
        return 0
    return remind(now) + report_drift(now) + ask_for_review(now)


def remind(now: datetime) -> int:
    fresh = TrainingReminder.objects.filter(at__gt=now - STALE, user__is_active=True).select_related("user")
    return sum(
        tell(key=key, to=[reminder.user], words=partial(words_of_training, reminder.days_before), now=now)
        for key, reminder in untold("training", fresh)
        if reminder.user.trained_until == reminder.expires_on
    )


def report_drift(now: datetime) -> int:
    fresh = DriftReport.objects.filter(at__gt=now - STALE).exclude(findings=[])
    return sum(tell(key=key, to=answerable(now), words=words_of_drift, now=now) for key, _row in untold("drift", fresh))


def ask_for_review(now: datetime) -> int:
    """When it opens, and once more before what is left is suspended."""
    running = AccessReview.objects.running()
    opened = untold("review", running)
    ending = untold("review-ends", running.filter(due_at__lte=now + LAST_CALL, due_at__gt=now))
    return sum(
        tell(key=key, to=answerable(now), words=partial(words_of_review, review), now=now)
        for key, review in [*opened, *ending]
    )


def untold(kind: str, rows: Iterable[Model]) -> list[tuple[str, Any]]:
    """Those of which no mail was queued, with the key of it."""
    by_key = {f"{kind}:{row.pk}": row for row in rows}
    told = set(StaffAlert.objects.filter(key__in=by_key).values_list("key", flat=True))
    return [(key, row) for key, row in by_key.items() if key not in told]


def answerable(now: datetime) -> set[User]:
    """The system owner and the privacy officers."""
    return {user for user in [owner_at(now), *holders_of(Role.PRIVACY_OFFICER, now)] if user and user.is_active}


def words_of_training(days: int) -> tuple[str, str]:
    said = _("Your privacy training runs out within %(days)s days") % {"days": days}
    return said, f"{said}. {_('Book a course now.')}\n{link('access:training_mine')}"


def words_of_drift() -> tuple[str, str]:
    said = _("The nightly check of access found differences")
    return said, f"{said}.\n{link('access:drift')}"


def words_of_review(review: AccessReview) -> tuple[str, str]:
    said = _("The quarterly review of access waits for your answers")
    last = _("What nobody has confirmed by %(day)s is suspended.") % {"day": say_full_day(review.due_at)}
    return said, f"{said}. {last}\n{link('access:review')}"


def link(name: str) -> str:
    return f"{settings.I2A_SITE_URL.rstrip('/')}{reverse(name)}"
