"""Why an invitation does not go out like this, beside what every mailing asks (`outreach.mailings.refusals`)."""

from django.utils.translation import gettext_lazy as _

from surveys.editing.refusals import StaleSurvey, SurveyRefused
from surveys.models.surveys import SECOND_PERSON


class NoPeriod(SurveyRefused):
    message = _("Say in which days they called.")
    field = "called_from"


class NoEnd(SurveyRefused):
    message = _("Say on which day it closes.")
    field = "closes_on"


class ClosesTooEarly(SurveyRefused):
    message = _("It would close before it opens. Choose a later day.")
    field = "closes_on"


class ReminderTooLate(SurveyRefused):
    message = _("The reminder would come after the survey has closed. Choose fewer days.")
    field = "remind_after"


class FrenchMissing(SurveyRefused):
    message = _("Write a subject and a text in French as well: everybody may choose it.")
    field = "text_fr"


class LinkMissing(SurveyRefused):
    message = _("The text must contain the link: {link}.")

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class NotComplete(SurveyRefused):
    """The first thing that is missing, in words, and where to mend it."""

    def __init__(self, text: str, url: str) -> None:
        super().__init__()
        self.message, self.url = text, url


class AlreadyScheduled(StaleSurvey):
    """Somebody has approved it, perhaps the same person by a second click."""

    message = _("This survey is already scheduled.")


class NotASecondPerson(SurveyRefused):
    """INV-12."""

    message = SECOND_PERSON
