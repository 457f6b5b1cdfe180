"""Why a step of a campaign is not taken. `message` says so in the reader's language, `field` beside which field."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from outreach.models import Campaign
from outreach.models.campaigns import SECOND_PERSON


class CampaignRefused(Exception):
    """Nothing was changed."""

    message: str | Promise = ""
    field = ""

    def __str__(self) -> str:
        return str(self.message)


class StaleCampaign(CampaignRefused):
    """Somebody was faster, or the campaign is past this step. `current` is what is saved now."""

    message = _("Somebody else was faster. Nothing was changed.")

    def __init__(self, current: Campaign) -> None:
        super().__init__()
        self.current = current


class AlreadyScheduled(StaleCampaign):
    """Somebody has approved it, perhaps the same person by a second click."""

    message = _("This campaign is already scheduled.")


class NobodyWouldGetIt(CampaignRefused):
    message = _("Nobody would get this. Choose other people.")


class NoSchedule(CampaignRefused):
    message = _("Say on which day and at what time it goes.")
    field = "send_on"


class ScheduleInThePast(CampaignRefused):
    message = _("This time has passed. Choose a later one.")
    field = "send_on"


class ScheduleSkipped(CampaignRefused):
    message = _("The clocks in Edmonton skip this time on that day. Choose another one.")
    field = "send_at"


class ScheduleAfterEvent(CampaignRefused):
    message = _("It would go out after the event has started. Choose an earlier time.")
    field = "send_on"


class EventCancelled(CampaignRefused):
    message = _("The event was cancelled.")
    field = "event"


class EnglishMissing(CampaignRefused):
    message = _("Write a subject and a text in English.")
    field = "text_en"


class FrenchMissing(CampaignRefused):
    """Somebody on the list reads French. `readers` says how many."""

    message = _("Somebody on the list reads French. Write a subject and a text in French as well.")
    field = "text_fr"

    def __init__(self, readers: int) -> None:
        super().__init__()
        self.readers = readers


class SubjectRefused(CampaignRefused):
    message = _("A subject is one line of at most 200 visible characters.")

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class NoWayOut(CampaignRefused):
    """R-CMP-04, in its words."""

    message = _("The template must contain the sender identification and an unsubscribe link.")


class NotASecondPerson(CampaignRefused):
    """R-CMP-02, in its words."""

    message = SECOND_PERSON


class ListChanged(CampaignRefused):
    """Since the list was shown, people fell out of it, or it was made anew. `fell_out`: how many, by reason."""

    message = _("The list has changed since you opened it. Look at it again before you approve.")

    def __init__(self, fell_out: Sequence[tuple[str, int]]) -> None:
        super().__init__()
        self.fell_out = fell_out
