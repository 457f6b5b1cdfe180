"""Why a step of a mailing is not taken. `message` says so in the reader's language, `field` beside which field."""

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class MailingRefused(Exception):
    """Nothing was changed."""

    message: str | Promise = ""
    field = ""

    def __str__(self) -> str:
        return str(self.message)


class Stale(MailingRefused):
    """Somebody was faster, or it is past this step. `current` is what is saved now."""

    message = _("Somebody else was faster. Nothing was changed.")

    def __init__(self, current: Any) -> None:
        super().__init__()
        self.current = current


class NobodyWouldGetIt(MailingRefused):
    message = _("Nobody would get this. Choose other people.")


class NoSchedule(MailingRefused):
    message = _("Say on which day and at what time it goes.")
    field = "send_on"


class ScheduleInThePast(MailingRefused):
    message = _("This time has passed. Choose a later one.")
    field = "send_on"


class ScheduleSkipped(MailingRefused):
    message = _("The clocks in Edmonton skip this time on that day. Choose another one.")
    field = "send_at"


class EnglishMissing(MailingRefused):
    message = _("Write a subject and a text in English.")
    field = "text_en"


class FrenchMissing(MailingRefused):
    """Somebody on the list reads French. `readers` says how many."""

    message = _("Somebody on the list reads French. Write a subject and a text in French as well.")
    field = "text_fr"

    def __init__(self, readers: int) -> None:
        super().__init__()
        self.readers = readers


class SubjectRefused(MailingRefused):
    message = _("A subject is one line of at most 200 visible characters.")

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class NoWayOut(MailingRefused):
    """R-CMP-04, in its words."""

    message = _("The template must contain the sender identification and an unsubscribe link.")


class ListChanged(MailingRefused):
    """Since the list was shown, people fell out of it, or it was made anew. `fell_out`: how many, by reason."""

    message = _("The list has changed since you opened it. Look at it again before you approve.")

    def __init__(self, fell_out: Sequence[tuple[str, int]]) -> None:
        super().__init__()
        self.fell_out = fell_out
