"""A published survey is never changed: a new version is made of it, whose results can be compared (R-SRV-03)."""

from datetime import datetime

from django.db import transaction

from access.models import User
from i2a.references import next_reference
from surveys.editing.drafting import CHANGEABLE, lock
from surveys.editing.refusals import HasNewerVersion
from surveys.models import Choice, Question, Survey

State = Survey.State
PUBLISHED = [state for state in State if state not in CHANGEABLE]
COPIED = [
    "title", "name_en", "name_fr", "intro_en", "intro_fr", "categories", "topics", "services", "channels",
    "subject_en", "text_en", "subject_fr", "text_fr", "remind_after",
]  # fmt: skip
OF_A_QUESTION = [
    "key",
    "position",
    "kind",
    "text_en",
    "text_fr",
    "low_en",
    "low_fr",
    "high_en",
    "high_fr",
    "is_required",
]
OF_A_CHOICE = ["key", "position", "text_en", "text_fr"]


@transaction.atomic
def new_version(*, survey: Survey, by: User, now: datetime) -> Survey:
    """A draft with the same questions, under the same keys; its days are to be chosen. Who never left has no successor:
    the draft follows the version before it.

    :raises HasNewerVersion: somebody was faster.
    :raises StaleSurvey: it can still be changed itself.
    """
    lock(survey, PUBLISHED)
    before = survey if survey.released_at else survey.previous
    newer = before and before.next_versions.exclude(state=State.CANCELLED).first()
    if newer:
        raise HasNewerVersion(newer)
    draft = Survey.objects.create(
        ref=next_reference("S", now),
        previous=before,
        edition=before.edition + 1 if before else 1,
        created_at=now,
        created_by=by,
        changed_at=now,
        changed_by=by,
        **copied(survey, COPIED),
    )
    for question in survey.questions.prefetch_related("choices"):
        copy_question(question, draft)
    return draft


def copy_question(question: Question, draft: Survey) -> None:
    copy = Question.objects.create(survey=draft, **copied(question, OF_A_QUESTION))
    for choice in question.choices.all():
        Choice.objects.create(question=copy, **copied(choice, OF_A_CHOICE))


def copied(record: Survey | Question | Choice, names: list[str]) -> dict[str, object]:
    return {name: getattr(record, name) for name in names}
