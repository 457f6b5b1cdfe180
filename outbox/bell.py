"""Telling the workers that there is something to do. A lost bell costs seconds: the next tick rings again."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

EXPIRES = 30  # seconds; an old bell says nothing


def ring_drain() -> bool:
    """Ask a worker to send what is due; whether the broker took it. Never raises: no page fails for it (R-NFR-03)."""
    try:
        current_app.send_task("outbox.tasks.drain", expires=EXPIRES, ignore_result=True, retry=False)
    except (OperationalError, RedisError, OSError):
        logger.warning("the broker does not answer; queued mail waits for the next tick")
        return False
    return True
