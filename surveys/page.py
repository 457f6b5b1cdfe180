"""What every page of a survey says of it: its head, and what may be done with it."""

from typing import Any

from django.utils.translation import ngettext

from i2a.permissions import may
from surveys.editing.drafting import CHANGEABLE
from surveys.models import Question, Survey

State = Survey.State
Kind = Question.Kind
TONES: dict[str, str] = {
    State.ASKED: "warn",
    State.APPROVED: "info",
    State.OPEN: "ok",
    State.PAUSED: "warn",
    State.CANCELLED: "stop",
}
SECONDS: dict[str, int] = {Kind.CHOICE: 15, Kind.SEVERAL: 25, Kind.SCALE: 12, Kind.NPS: 12, Kind.TEXT: 45}
SECONDS_TO_BEGIN = 20


def told_of(survey: Survey, user: Any) -> dict[str, Any]:
    """For templates/surveys/_head.html, whatever the tab."""
    drafts = may(user, "surveys.draft_survey")
    questions = list(survey.questions.all())
    return {
        "survey": survey,
        "tone": TONES.get(survey.state, "line"),
        "question_count": len(questions),
        "minutes": minutes_of(questions),
        "is_changeable": survey.state in CHANGEABLE,
        "can_change": drafts and survey.state in CHANGEABLE,
        "can_renew": drafts and survey.state not in CHANGEABLE,
        "can_read_results": may(user, "surveys.view_results"),
        "newer": survey.next_versions.exclude(state=State.CANCELLED).first(),
    }


def minutes_of(questions: list[Question]) -> str:
    """How long it takes to answer, about; "" while nothing is asked."""
    if not questions:
        return ""
    seconds = SECONDS_TO_BEGIN + sum(SECONDS[question.kind] for question in questions)
    minutes = -(-seconds // 60)
    return ngettext("about %(n)s minute", "about %(n)s minutes", minutes) % {"n": minutes}
