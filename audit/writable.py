"""Whether the audit can be written, asked before somebody is refused for it (T8)."""

import logging

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, transaction

from audit.models import AccessEvent, LogEntry
from i2a.health import OK

logger = logging.getLogger(__name__)
REFUSES = "refuses"
TRIAL = "trial"  # who signs what is taken back at once


def state() -> str:
    """One word for `/healthz`: an entry of each kind is written and taken back."""
    try:
        with transaction.atomic():
            AccessEvent.objects.create(kind=AccessEvent.Kind.VIEWED, actor_label=TRIAL)
            about = ContentType.objects.get_for_model(AccessEvent)
            LogEntry.objects.create(content_type=about, action=LogEntry.Action.UPDATE, actor_label=TRIAL)
            transaction.set_rollback(True)
    except DatabaseError:
        return REFUSES
    return OK


def alarm() -> None:
    """Every minute, so that the log says it although nobody is at work. No mail can: it would have to be recorded."""
    if state() != OK:
        logger.critical("The audit cannot be written")
