"""Routed on a demonstration system only (`I2A_DEMO=1`, R-TST-01)."""

from django.urls import path

from i2a import demo

app_name = "demo"
urlpatterns = [
    path("clock/", demo.clock_set, name="clock"),
    path("clock/reset/", demo.clock_reset, name="clock_reset"),
    path("clock/run-jobs/", demo.jobs_run, name="jobs_run"),
]
