"""Preparing a survey. A change after it was asked for or approved makes it a draft again (INV-12, as R-CMP-02)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from access.models import User
from i2a.references import next_reference
from surveys.editing.refusals import Published, StaleSurvey
from surveys.models import Survey

State = Survey.State
CHANGEABLE = [State.DRAFT, State.ASKED, State.APPROVED]


@transaction.atomic
def start_survey(*, survey: Survey, form_uuid: UUID, by: User, now: datetime) -> Survey:
    """The same form sent twice makes one survey."""
    before = Survey.objects.filter(form_uuid=form_uuid).first()
    if before is not None:
        return before
    survey.ref, survey.form_uuid = next_reference("S", now), form_uuid
    survey.created_at = survey.changed_at = now
    survey.created_by = survey.changed_by = by
    survey.save()
    return survey


@transaction.atomic
def change_survey(*, survey: Survey, seen_version: int, by: User, now: datetime) -> Survey:
    """Save what the form wrote into `survey`. List, approval and why it was sent back are forgotten.

    :raises StaleSurvey: somebody was faster, or it is published.
    """
    lock(survey, CHANGEABLE, seen_version)
    return draft_again(survey, by=by, now=now)


def lock(survey: Survey, states: Sequence[str], seen_version: int | None = None) -> Survey:
    """The survey as it is saved, until the transaction ends.

    :raises StaleSurvey: it is in another state, or was changed since.
    """
    current = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if current.state not in states or seen_version not in (None, current.version):
        raise StaleSurvey(current)
    return current


def lock_to_change(survey: Survey) -> Survey:
    """For a change of one of its questions, which have versions of their own.

    :raises Published: it has begun to leave.
    """
    try:
        return lock(survey, CHANGEABLE)
    except StaleSurvey:
        raise Published from None


def draft_again(survey: Survey, *, by: User, now: datetime) -> Survey:
    """Its words, people or time have changed."""
    survey.changed_at, survey.changed_by = now, by
    survey.sent_back_because = ""
    return back_to_draft(survey)


def back_to_draft(survey: Survey) -> Survey:
    survey.invitations.all().delete()
    survey.state = State.DRAFT
    survey.asked_at = survey.asked_by = survey.approved_at = survey.approved_by = None
    survey.list_sha256, survey.listed, survey.left_out = "", 0, []
    return saved(survey)


def saved(survey: Survey) -> Survey:
    survey.version += 1
    survey.save()
    return survey
