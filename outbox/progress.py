"""Where a message is, in words: on its page, on the timeline, in the demonstration's outbox."""

from datetime import datetime

from django.utils.translation import gettext as _

from i2a.templatetags.i2a_ui import edmonton_time, when
from outbox.models import Message

State = Message.State
TONES: dict[str, str] = {
    State.SENT: "ok",
    State.FAILED: "stop",
    State.AMBIGUOUS: "warn",
    State.WITHHELD: "stop",
    State.BOUNCED: "stop",
}


def progress_of(message: Message, now: datetime) -> str:
    """One or two sentences: "Leaves at 2:14:20 pm." "Queued today 2:14 pm, sent today 2:14 pm." """
    if message.state == State.SENT:
        said = {"queued": when(message.created_at), "sent": when(message.sent_at)}
        return _("Queued %(queued)s, sent %(sent)s.") % said
    if message.state in (State.CLAIMED, State.SENDING):
        return _("Is being sent now.")
    if message.state == State.QUEUED:
        return _waiting(message, now)
    if message.state == State.AMBIGUOUS:
        return _("Nobody knows whether it arrived. %(reason)s.") % {"reason": message.reason_text}
    return _sentence(message.reason_text)


def _waiting(message: Message, now: datetime) -> str:
    if message.not_before <= now:
        return _("Waits for the mail server.")
    if not message.reason:
        return _("Leaves at %(time)s.") % {"time": edmonton_time(message.not_before, "seconds")}
    said = {"reason": message.reason_text, "time": when(message.not_before)}
    return _("%(reason)s. Next try %(time)s.") % said


def _sentence(reason: str) -> str:
    return f"{reason.rstrip('.')}." if reason else ""
