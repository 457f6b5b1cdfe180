"""Whether the audit can be written, asked before somebody is refused for it (T8)."""

import logging
import time

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, transaction

from audit.models import AccessEvent, LogEntry
from i2a.health import OK

logger = logging.getLogger(__name__)
REFUSES = "refuses"
TRIAL = "trial"  # who signs what is taken back at once
BELIEVED_FOR = 10  # seconds
_wrote: float | None = None  # when this process last could; only that is remembered


def state() -> str:
    """One word for `/healthz`, which anybody may ask: nothing is tried again within `BELIEVED_FOR` of a success."""
    if _wrote is not None and time.monotonic() - _wrote < BELIEVED_FOR:
        return OK
    return tried()


def tried() -> str:
    """The same word now: an entry of each kind is written and taken back."""
    global _wrote
    doubt()
    try:
        with transaction.atomic():
            AccessEvent.objects.create(kind=AccessEvent.Kind.VIEWED, actor_label=TRIAL)
            about = ContentType.objects.get_for_model(AccessEvent)
            LogEntry.objects.create(content_type=about, action=LogEntry.Action.UPDATE, actor_label=TRIAL)
            transaction.set_rollback(True)
    except DatabaseError:
        return REFUSES
    _wrote = time.monotonic()
    return OK


def doubt() -> None:
    """Something could not be recorded: who asks next is not told what was true before."""
    global _wrote
    _wrote = None


def alarm() -> None:
    """Every minute, so that the log says it although nobody is at work. No mail can: it would have to be recorded."""
    if tried() != OK:
        logger.critical("The audit cannot be written")
