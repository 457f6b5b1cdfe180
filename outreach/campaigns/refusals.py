"""Why a step of a campaign is not taken: what every mailing asks, and what only campaigns ask."""

from django.utils.translation import gettext_lazy as _

from outreach.mailings.refusals import EnglishMissing as EnglishMissing
from outreach.mailings.refusals import FrenchMissing as FrenchMissing
from outreach.mailings.refusals import ListChanged as ListChanged
from outreach.mailings.refusals import MailingRefused as MailingRefused
from outreach.mailings.refusals import NobodyWouldGetIt as NobodyWouldGetIt
from outreach.mailings.refusals import NoSchedule as NoSchedule
from outreach.mailings.refusals import NoWayOut as NoWayOut
from outreach.mailings.refusals import ScheduleInThePast as ScheduleInThePast
from outreach.mailings.refusals import ScheduleSkipped as ScheduleSkipped
from outreach.mailings.refusals import Stale
from outreach.mailings.refusals import SubjectRefused as SubjectRefused
from outreach.models.campaigns import SECOND_PERSON


class StaleCampaign(Stale):
    pass


class AlreadyScheduled(StaleCampaign):
    """Somebody has approved it, perhaps the same person by a second click."""

    message = _("This campaign is already scheduled.")


class ScheduleAfterEvent(MailingRefused):
    message = _("It would go out after the event has started. Choose an earlier time.")
    field = "send_on"


class EventCancelled(MailingRefused):
    message = _("The event was cancelled.")
    field = "event"


class NotASecondPerson(MailingRefused):
    """R-CMP-02, in its words."""

    message = SECOND_PERSON
