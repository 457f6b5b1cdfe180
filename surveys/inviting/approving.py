"""The second person (INV-12): who asks for approval writes the list, who approves it approves its hash, as campaigns
do (decision 0019). The hash is also over the questions."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Value

from access.models import User
from contacts.models import Contact
from outreach.mailings import lists
from outreach.mailings.lists import ListNow
from outreach.mailings.refusals import ListChanged, NobodyWouldGetIt
from surveys.editing.checks import missing
from surveys.editing.drafting import back_to_draft, lock, saved
from surveys.editing.refusals import StaleSurvey
from surveys.inviting import refusals, schedule, words
from surveys.inviting.audience import ORDER, judged, latest_call
from surveys.models import Invitation, Survey

State = Survey.State


@transaction.atomic
def ask_for_approval(*, survey: Survey, seen_version: int, by: User, now: datetime) -> Survey:
    """Write the list, in one statement. From now on nobody is added.

    :raises MailingRefused: nobody is on it, or it could not go out like this; the subclass says why.
    """
    survey = lock(survey, [State.DRAFT], seen_version)
    check(survey, now)
    left_out = freeze(survey)
    listed = survey.invitations.filter(by_phone=False).count()
    if not listed:
        raise NobodyWouldGetIt
    survey.state, survey.listed, survey.left_out = State.ASKED, listed, left_out
    survey.list_sha256 = sha256_of(survey, survey.invitations.all())
    survey.asked_at, survey.asked_by, survey.sent_back_because = now, by, ""
    return saved(survey)


def check(survey: Survey, now: datetime) -> None:
    """:raises MailingRefused: days, words or questions are missing, or do not fit each other."""
    if not (survey.called_from and survey.called_to):
        raise refusals.NoPeriod
    schedule.check(survey, now)
    words.check(survey, now)
    for lack in missing(survey):
        raise refusals.NotComplete(lack.text, lack.url)


def freeze(survey: Survey) -> list[tuple[str, int]]:
    found = judged(survey).annotate(asked_about=latest_call(survey), on_the_phone=Value(False))
    return lists.freeze(survey, Invitation, "survey", found, ORDER, call_id="asked_about", by_phone="on_the_phone")


@transaction.atomic
def send_back(*, survey: Survey, because: str, seen_version: int, by: User, now: datetime) -> Survey:
    """To those who prepared it, with a reason. The list is forgotten."""
    survey = lock(survey, [State.ASKED], seen_version)
    survey.sent_back_because = because
    return back_to_draft(survey)


@transaction.atomic
def approve(*, survey: Survey, seen_sha256: str, seen_version: int, by: User, now: datetime) -> Survey:
    """It opens when its time comes. `seen_sha256` is `changed_since_freeze(...).sha256` as the page showed it.

    :raises NotASecondPerson: `by` has prepared it, or asked for the approval.
    :raises AlreadyScheduled: it is approved; nothing happens twice.
    :raises ListChanged: the list is not the one that was shown.
    :raises MailingRefused: it could not go out any more.
    """
    survey = lock(survey, [State.ASKED, State.APPROVED])
    if survey.state == State.APPROVED:
        raise refusals.AlreadyScheduled(survey)
    if survey.version != seen_version:
        raise StaleSurvey(survey)
    if by.pk in {survey.created_by_id, survey.changed_by_id, survey.asked_by_id}:
        raise refusals.NotASecondPerson
    found = changed_since_freeze(survey)
    if found.sha256 != seen_sha256:
        raise ListChanged(found.fell_out)
    if not found.remaining:
        raise NobodyWouldGetIt
    check(survey, now)
    survey.state, survey.list_sha256 = State.APPROVED, found.sha256
    survey.approved_at, survey.approved_by = now, by
    return saved(survey)


def changed_since_freeze(survey: Survey) -> ListNow:
    """The list as it stands now, counted by reason in the order of R-CNS-08."""
    return ListNow(
        sha256=sha256_of(survey, standing(survey)),
        listed=survey.listed,
        fell_out=lists.counted(fallen(survey, Contact.objects.all()), ORDER),
    )


def fell_out(survey: Survey, user: User) -> QuerySet[Any]:
    """Those whom `user` may see and who would get nothing although they are on the list; `why` says the reason."""
    return fallen(survey, Contact.objects.visible_to(user))


def standing(survey: Survey) -> QuerySet[Invitation]:
    """Who may still be invited, by the agreement and the address they were put on the list with."""
    allowed = judged(survey, listed(survey, Contact.objects.all())).filter(refusal="")
    return survey.invitations.unchanged().filter(contact__in=allowed.values("pk"))


def listed(survey: Survey, people: QuerySet[Contact]) -> QuerySet[Contact]:
    return people.filter(survey_invitations__survey=survey, survey_invitations__by_phone=False)


def fallen(survey: Survey, people: QuerySet[Contact]) -> QuerySet[Any]:
    unchanged = survey.invitations.unchanged().values("contact")
    return with_reason(survey, listed(survey, people)).exclude(refusal="", pk__in=unchanged)


def with_reason(survey: Survey, people: QuerySet[Contact]) -> QuerySet[Any]:
    """`why` each of `people` would get nothing."""
    return lists.with_why(judged(survey, people))


def sha256_of(survey: Survey, rows: QuerySet[Invitation]) -> str:
    return lists.sha256_of(rows, words.sha256_of(survey))
