"""What the worker does. Both are safe to run twice, late, or twice at once; the next tick makes up for a lost one."""

from celery import shared_task

from audit.actor import acting_as_system
from i2a import clock
from outbox import alerts, bell, engine, mailbox


@shared_task(ignore_result=True)
def tick() -> None:
    """Give back what dead senders held, and ring for a drain if anything is due."""
    with acting_as_system("tick"):
        if engine.tick(now=clock.now()):
            bell.ring_drain()


@shared_task(ignore_result=True)
def drain() -> None:
    """Send what is due; if that takes too long for one task, leave the rest to the next."""
    with acting_as_system("drain"):
        if engine.drain():
            bell.ring_drain()


@shared_task(ignore_result=True)
def read_mailbox() -> None:
    """Take in mail that came back, if a mailbox is configured."""
    with acting_as_system("bounces"):
        mailbox.look()


@shared_task(ignore_result=True)
def send_alerts() -> None:
    """Mail to colleagues."""
    with acting_as_system("alerts"):
        alerts.send_alerts(now=clock.now())
