"""Why a step of a survey is not taken. `message` says so in the reader's language, `field` beside which field."""

from django.utils.translation import gettext_lazy as _

from outreach.mailings.refusals import MailingRefused
from surveys.models import Survey
from surveys.models.questions import MOST_QUESTIONS


class SurveyRefused(MailingRefused):
    """Nothing was changed."""


class StaleSurvey(SurveyRefused):
    """Somebody was faster, or the survey is past this step. `current` is what is saved now: the survey, or one of its
    questions."""

    message = _("Somebody else was faster. Nothing was changed.")

    def __init__(self, current: object) -> None:
        super().__init__()
        self.current = current


class Published(SurveyRefused):
    """Its page says by itself that a published survey changes only by a new version."""

    message = _("It was published meanwhile, so nothing was saved. Copy your words into a new version.")


class TooManyQuestions(SurveyRefused):
    message = _("A survey has at most %(most)d questions. Remove one first.")

    def __str__(self) -> str:
        return str(self.message) % {"most": MOST_QUESTIONS}


class HasNewerVersion(SurveyRefused):
    """`newer` is the version that was made from it."""

    message = _("There is a newer version already.")

    def __init__(self, newer: Survey) -> None:
        super().__init__()
        self.newer = newer
