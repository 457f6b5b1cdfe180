"""The Celery application. Every task is found by name in an app's `tasks.py`; the schedule stands in the settings."""

import os
from typing import Any

import kombu
from celery import Celery
from celery.app.amqp import AMQP

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "i2a.settings")
LONGEST_PAUSE = 5.0  # seconds


class Connection(kombu.Connection):
    """Looks for a broker that went away every few seconds; Celery alone lets its pauses grow to half a minute (M4)."""

    def ensure_connection(self, *args: Any, **options: Any) -> Any:
        return super().ensure_connection(*args, **{"interval_max": LONGEST_PAUSE, **options})


class Broker(AMQP):
    Connection = Connection


app = Celery("i2a", amqp=Broker)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
