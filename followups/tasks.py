"""What the worker does. Safe to run twice, late, or twice at once."""

from celery import shared_task

from audit.actor import acting_as_system
from followups import verifying
from followups.access_alerts import tell_about_access
from followups.alerts import alert_overdue
from followups.audit_alerts import tell_about_audit
from followups.future_contact import end_without_agreement
from i2a import clock


@shared_task(ignore_result=True)
def open_verifications() -> None:
    """Have clients phoned whose mail came back."""
    with acting_as_system("followups"):
        verifying.open_verifications(now=clock.now())


@shared_task(ignore_result=True)
def tick() -> None:
    """End planned contacts whose day has come without agreement; tell people what is overdue, and about access."""
    with acting_as_system("followups"):
        end_without_agreement(today=clock.today(), now=clock.now())
        alert_overdue(now=clock.now())
        tell_about_access(now=clock.now())
        tell_about_audit(now=clock.now())
