"""What the worker does for the audit. Safe to run twice, late, or twice at once."""

from celery import shared_task

from audit import disposal, reconciliation, sealing, verifying, writable
from audit.actor import acting_as_system


@shared_task(ignore_result=True)
def seal() -> None:
    """Every minute: seal what is settled, and say aloud if nothing can be written."""
    with acting_as_system("seal"):
        writable.alarm()
        sealing.seal()


@shared_task(ignore_result=True)
def verify() -> None:
    """When somebody asks: recompute the whole seal."""
    with acting_as_system("verify_seal"):
        verifying.verify_and_keep()


@shared_task(ignore_result=True)
def check_audit() -> None:
    """Every night: make room for the months to come, recompute the seal, hold the row changes against the history, and
    let go of the months past their time.
    """
    with acting_as_system("check_audit"):
        sealing.make_partitions()
        verifying.verify_and_keep()
        reconciliation.reconcile()
        disposal.dispose()
