from celery import shared_task

from audit.actor import acting_as_system
from calls.services import drafts, ringing
from i2a import clock


@shared_task(ignore_result=True)
def expire_drafts() -> None:
    """Erase half-typed calls after a day. Safe to run twice."""
    with acting_as_system("expire_drafts"):
        drafts.expire_drafts(now=clock.now())


@shared_task(ignore_result=True)
def forget_ringing() -> None:
    """Erase the numbers of who called minutes ago. Safe to run twice."""
    with acting_as_system("forget_ringing"):
        ringing.forget(now=clock.now())
