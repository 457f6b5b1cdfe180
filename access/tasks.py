from celery import shared_task

from access import sessions
from access.services import drift, grants, reviews, training
from audit.actor import acting_as_system
from i2a import clock


@shared_task(ignore_result=True)
def lapse_grants() -> None:
    """Close roles whose time is up, and suspend what a review left unanswered. Safe to run twice."""
    with acting_as_system("lapse_grants"):
        grants.lapse_grants(now=clock.now())
        reviews.close_reviews(now=clock.now())


@shared_task(ignore_result=True)
def reconcile_access() -> None:
    """Every night: compare the tables with the register. Safe to run twice."""
    with acting_as_system("reconcile_access"):
        drift.reconcile(now=clock.now())


@shared_task(ignore_result=True)
def remind_of_training() -> None:
    """Every morning: training that runs out, and once a quarter the review of all access. Safe to run twice."""
    with acting_as_system("remind_of_training"):
        training.remind(now=clock.now(), today=clock.today())
        reviews.open_review(now=clock.now(), today=clock.today())


@shared_task(ignore_result=True)
def forget_sessions() -> None:
    """Every hour: what is left of sessions that ended, and of forms that waited for somebody who did not come back."""
    with acting_as_system("forget_sessions"):
        sessions.forget_ended()
