from celery import shared_task

from audit.actor import acting_as_system
from contacts import dictionary
from contacts.services import grants, lapsing, unmerging, writing_down
from i2a import clock


@shared_task(ignore_result=True)
def expire_grants() -> None:
    """End access to single records whose time is up. Safe to run twice."""
    with acting_as_system("expire_grants"):
        grants.expire(now=clock.now())


@shared_task(ignore_result=True)
def forget_unused_words() -> None:
    """Every night: the dictionary of the lookup must not remember people whom we erased. Safe to run twice."""
    with acting_as_system("forget_unused_words"):
        dictionary.forget_unused_words()


@shared_task(ignore_result=True)
def erase_merge_snapshots() -> None:
    """Erase what undoing a merge would have needed, after 30 days. Safe to run twice."""
    with acting_as_system("erase_merge_snapshots"):
        unmerging.erase_snapshots(now=clock.now())


@shared_task(ignore_result=True)
def lapse_consents() -> None:
    """Every night: agreements of people with whom there was no contact for too long. Safe to run twice."""
    with acting_as_system("lapse_consents"):
        lapsing.lapse(now=clock.now())


@shared_task(ignore_result=True)
def catch_up_journal() -> None:
    """Write down what could not be written when it was withdrawn. Safe to run twice."""
    with acting_as_system("catch_up_journal"):
        writing_down.catch_up()
