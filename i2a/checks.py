"""What must be true of the machine before a process may start (T-01, R-TST-01)."""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.migrations.loader import MigrationLoader

ALBERTA_OFFSET = timedelta(hours=-6)
# Alberta stopped changing clocks in June 2026. Data older than tzdb 2026c still falls back on 1 November 2026.
WINTER_DAYS = ((2026, 11, 15), (2026, 12, 1))
ZONE_HINT = (
    'Install tzdata>=2026.3 and start every process with PYTHONTZPATH="" (set, and empty), '
    "so that Python reads that package and not the system's older copy."
)
OTHER_HISTORY_HINT = (
    "Nothing was changed. Run the version that made it, or give this one an empty database. "
    "In a checkout, a new demonstration begins once .local is removed."
)
LOCAL_HOSTS = {"localhost", ".localhost", "127.0.0.1", "::1", "[::1]"}


def zone_data_is_fresh() -> bool:
    """Whether this process knows that Edmonton stays at UTC-06:00 in winter."""
    try:
        edmonton = ZoneInfo.no_cache("America/Edmonton")
    except ZoneInfoNotFoundError:
        return False
    return all(datetime(*day, 12, tzinfo=edmonton).utcoffset() == ALBERTA_OFFSET for day in WINTER_DAYS)


def ensure_fresh_zone_data() -> None:
    """For what starts without Django's checks (gunicorn, Celery worker, Celery beat).

    :raises ImproperlyConfigured: due times, schedules and every printed hour would be wrong by one hour in winter.
    """
    if not zone_data_is_fresh():
        raise ImproperlyConfigured(f"(i2a.E001) The time zone data is stale. {ZONE_HINT}")


def refuse_stale_zone_data(**_signal: Any) -> None:
    """Receiver for Celery's `worker_init` and `beat_init`, which log and swallow every exception but this one.

    :raises SystemExit: see `ensure_fresh_zone_data`.
    """
    try:
        ensure_fresh_zone_data()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error


@register()
def check_zone_data(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if zone_data_is_fresh():
        return []
    return [Error("The time zone data is stale: Edmonton falls back in November 2026.", ZONE_HINT, id="i2a.E001")]


@register(deploy=True)
def check_demo_stays_local(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A demonstration shows every mail and lets anyone turn the clock: never on a host others can reach."""
    if not settings.I2A_DEMO or settings.DEBUG:
        return []
    public = sorted(set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS)
    if not public:
        return []
    message = f"I2A_DEMO is on while this system answers for {', '.join(public)}."
    return [Error(message, "Set I2A_DEMO=0, or ALLOWED_HOSTS to localhost only.", id="i2a.E002")]


@register()
def check_breached_passwords(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Better no start than an error for everybody who chooses a password."""
    path = settings.I2A_BREACHED_PASSWORDS
    if not path or os.access(path, os.R_OK):
        return []
    return [
        Error(f"I2A_BREACHED_PASSWORDS names {path}, which cannot be read.", "See docs/operations.md.", id="i2a.E003")
    ]


@register(Tags.database)
def check_history_of_migrations(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """What `migrate` asks first. Migrations of the same name may have been written anew since (ADR 0025); those of a
    package that was taken out do no harm."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        history = MigrationLoader(connections[alias])
        unknown = set(history.applied_migrations or {}) - set(history.disk_migrations or {})
        ours = sorted(f"{app}.{name}" for app, name in unknown if app in history.migrated_apps)
        if ours:
            message = f"Another version of I2A made this database: {ours[0]} was applied and is not known here."
            found.append(Error(message, OTHER_HISTORY_HINT, id="i2a.E004"))
    return found
