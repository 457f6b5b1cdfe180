"""What the worker does. Safe to run twice, late, or twice at once."""

from celery import shared_task

from audit.actor import acting_as_system
from i2a import clock
from outreach import matching
from outreach.campaigns import releasing


@shared_task(ignore_result=True)
def look_after_campaigns() -> None:
    """Begin those whose time has come, end those whose event has begun, finish those of which all has left."""
    with acting_as_system("campaign"):
        releasing.tick(now=clock.now())


@shared_task(ignore_result=True)
def forget_form_entries() -> None:
    """Every night: what people typed on the public forms of events that are long over. Safe to run twice."""
    with acting_as_system("forget_form_entries"):
        matching.forget_entries(now=clock.now())
