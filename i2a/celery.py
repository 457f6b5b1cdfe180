"""The Celery application. Every task is found by name in an app's `tasks.py`; the schedule stands in the settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "i2a.settings")

app = Celery("i2a")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
