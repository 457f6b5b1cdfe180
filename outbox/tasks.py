"""What the worker does. Both are safe to run twice, late, or twice at once; the next tick makes up for a lost one."""

from celery import shared_task

from audit.actor import acting_as_system
from audit.review import picking
from i2a import clock
from outbox import alerts, bell, engine, mailbox, unusual_use


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


@shared_task(ignore_result=True)
def watch_reading() -> None:
    """Unusual reading that cannot wait: into the queue, and to the privacy officers."""
    with acting_as_system("watch_reading"):
        picking.pick_urgent(now=clock.now())
        unusual_use.tell_of_unusual_use(now=clock.now())


@shared_task(ignore_result=True)
def pick_reading() -> None:
    """What of yesterday's reading somebody looks into."""
    with acting_as_system("pick_reading"):
        picking.pick_of_yesterday(now=clock.now())
