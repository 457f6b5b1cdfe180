"""Pausing, going on, cancelling, closing. Senders see it before the next mail (R-CMP-03, R-SRV-02)."""

from datetime import datetime

from django.db import transaction

from access.models import User
from i2a import clock
from outbox import switches
from outbox.models import Reason
from outreach.mailings.withdrawing import withdraw_queued
from surveys.editing.drafting import lock, saved
from surveys.editing.refusals import StaleSurvey
from surveys.inviting.schedule import closes_at
from surveys.models import Survey

State = Survey.State
UNOPENED = [State.DRAFT, State.ASKED, State.APPROVED, State.PAUSED]


@transaction.atomic
def pause(*, survey: Survey, because: str, by: User, now: datetime) -> Survey:
    """No mail of it leaves until somebody resumes it; before its time, it does not open. Links go on working.

    :raises StaleSurvey: it is neither scheduled nor open.
    """
    survey = lock(survey, [State.APPROVED, State.OPEN])
    for mailing in [survey.mailing, survey.reminder]:
        switches.stop_sending(mailing=mailing, reason=because, by=by, now=now)
    survey.state = State.PAUSED
    return saved(survey)


@transaction.atomic
def resume(*, survey: Survey, because: str, by: User, now: datetime) -> Survey:
    """:raises StaleSurvey: it is not paused."""
    survey = lock(survey, [State.PAUSED])
    for mailing in [survey.mailing, survey.reminder]:
        switches.resume_sending(mailing=mailing, reason=because, by=by, now=now)
    survey.state = State.OPEN if survey.released_at else State.APPROVED
    return saved(survey)


@transaction.atomic
def cancel(*, survey: Survey, because: str, by: User, now: datetime) -> Survey:
    """It never opens. What has opened is closed instead: its answers stay.

    :raises StaleSurvey: it has opened, or it has ended.
    """
    survey = lock(survey, UNOPENED)
    if survey.released_at:
        raise StaleSurvey(survey)
    return end(survey, State.CANCELLED, because, now)


@transaction.atomic
def close(*, survey: Survey, because: str, by: User, now: datetime) -> Survey:
    """Before its day: no more answers, no more mail.

    :raises StaleSurvey: it has not opened, or it has ended.
    """
    survey = lock(survey, [State.OPEN, State.PAUSED])
    if not survey.released_at:
        raise StaleSurvey(survey)
    stop_mail(survey, now)
    return end(survey, State.CLOSED, because, now)


def stop_mail(survey: Survey, now: datetime) -> None:
    for mailing in [survey.mailing, survey.reminder]:
        withdraw_queued(mailing, Reason.SURVEY_CLOSED, now)


def end(survey: Survey, state: Survey.State, because: str, now: datetime) -> Survey:
    survey.state, survey.ended_at, survey.ended_because = state, now, because
    return saved(survey)


def objections(mailings: set[str]) -> dict[str, str]:
    """Asked by the sender before each batch (R-CNS-05): nothing leaves of a survey that has closed."""
    surveys = Survey.objects.filter(ref__in=[mailing.partition(":")[2] for mailing in mailings])
    closed = [survey for survey in surveys if survey.ended_at or closes_at(survey) <= clock.now()]
    keys = {mailing for survey in closed for mailing in (survey.mailing, survey.reminder)}
    return dict.fromkeys(keys & mailings, Reason.SURVEY_CLOSED.value)
