from celery.signals import beat_init, worker_init
from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class I2AConfig(AppConfig):
    name = "i2a"

    def ready(self) -> None:
        from i2a.checks import refuse_stale_zone_data  # importing it registers the system checks

        autodiscover_modules("personal_data")
        worker_init.connect(refuse_stale_zone_data)
        beat_init.connect(refuse_stale_zone_data)
