"""Routed on a demonstration system only (`I2A_DEMO=1`, R-TST-01)."""

from django.urls import path

from outbox import demo

app_name = "demo_outbox"
urlpatterns = [
    path("", demo.outbox, name="outbox"),
    path("<uuid:uid>/bounce/", demo.bounce, name="bounce"),
    path("<str:name>/html/", demo.html_part, name="html_part"),
]
