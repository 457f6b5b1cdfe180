"""Routed on a demonstration system only (`I2A_DEMO=1`, R-TST-01)."""

from django.urls import path

from calls import demo

app_name = "demo_phone"
urlpatterns = [path("", demo.phone, name="phone")]
