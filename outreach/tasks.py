"""What the worker does. Safe to run twice, late, or twice at once."""

from celery import shared_task

from audit.actor import acting_as_system
from i2a import clock
from outreach.campaigns import releasing


@shared_task(ignore_result=True)
def look_after_campaigns() -> None:
    """Begin those whose time has come, end those whose event has begun, finish those of which all has left."""
    with acting_as_system("campaign"):
        releasing.tick(now=clock.now())
