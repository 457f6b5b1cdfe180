"""What the worker does. Safe to run twice, late, or twice at once."""

from celery import shared_task

from audit.actor import acting_as_system
from i2a import clock
from surveys.inviting import releasing


@shared_task(ignore_result=True)
def look_after_surveys() -> None:
    """Open those whose time has come, remind once, close those whose last day is over."""
    with acting_as_system("survey"):
        releasing.tick(now=clock.now())
