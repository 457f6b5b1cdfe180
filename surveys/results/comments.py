"""Own words of those who answered: nobody reads them in the results before a colleague did, for what would say whose
they are (R-SRV-04). Only when the survey has ended: a comment that appears between two looks would tell its hour."""

import re
from typing import Self
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.models import User
from contacts.guard import findings
from contacts.note_field import GuardedForm, NoteField
from surveys.models import Answer, AnswerRelease, Survey

MAX_COMMENT = 2000
EMAIL = re.compile(r"\S@\S")
PHONE = re.compile(r"\d(?:[ ().-]{0,2}\d){6}")


class ScreenForm(GuardedForm):
    """The guard reads what is going to be shown, also where nothing was changed."""

    words = NoteField(max_length=MAX_COMMENT, rows=5, label=gettext_lazy("As it is shown"))

    @classmethod
    def for_comment(cls, answer: Answer) -> Self:
        return cls(initial={"words": answer.text})


class AlreadyScreened(Exception):
    """A colleague was faster. What they decided stays."""


def comments_of(survey: Survey) -> "QuerySet[Answer]":
    """In no order that means anything: their keys are random."""
    if survey.ended_at is None:
        return Answer.objects.none()
    return Answer.objects.filter(question__survey=survey).exclude(text="").order_by("pk")


def waiting(survey: Survey) -> "QuerySet[Answer]":
    return comments_of(survey).filter(release=None)


def waiting_by_survey(surveys: "QuerySet[Survey]") -> "QuerySet[Answer, tuple[UUID, str, int]]":
    """The key, the title and the number of comments nobody has read yet, of those that have any."""
    ended = surveys.filter(ended_at__isnull=False)
    unread = Answer.objects.filter(question__survey__in=ended, release=None).exclude(text="")
    counted = unread.values_list("question__survey__uid", "question__survey__title").annotate(n=Count("pk"))
    return counted.order_by("question__survey")


def released(survey: Survey) -> list[str]:
    shown = AnswerRelease.objects.filter(answer__in=comments_of(survey), is_released=True)
    return list(shown.order_by("answer_id").values_list("words", flat=True))


def warnings_about(answer: Answer) -> list[str]:
    """What the guard sees in it, and what callers may give but results may not show."""
    found = [str(finding.kind.label) for finding in findings(answer.text)]
    found += [_("an e-mail address")] if EMAIL.search(answer.text) else []
    found += [_("a phone number")] if PHONE.search(answer.text) else []
    return list(dict.fromkeys(found))


def screen(*, answer: Answer, words: str, by: User) -> AnswerRelease:
    """Show `words` in the results, or nothing where they are empty.

    :raises AlreadyScreened: nothing was changed.
    """
    values = {"is_released": bool(words), "words": words, "screened_by": by}
    release, is_new = AnswerRelease.objects.get_or_create(answer=answer, defaults=values)
    if not is_new:
        raise AlreadyScreened
    return release


def said_after(release: AnswerRelease) -> str:
    return _("The comment is shown in the results.") if release.is_released else _("The comment is kept back.")
