"""What the worker does. Safe to run twice, late, or twice at once."""

from celery import shared_task

from audit.actor import acting_as_system
from followups import verifying
from i2a import clock


@shared_task(ignore_result=True)
def open_verifications() -> None:
    """Have clients phoned whose mail came back."""
    with acting_as_system("followups"):
        verifying.open_verifications(now=clock.now())
