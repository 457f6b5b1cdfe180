"""How long the audit is kept, and letting go of what is past its time (R-CON-13, L-06).

The database decides (`audit.disposal_sql`); here it is asked every night, and what it kept all the same is told.
"""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connection, transaction

from audit.actor import current
from audit.models import Check, Seal
from i2a import clock

LEAST_MONTHS = 24  # as in the database's function, which no setting talks round
LATE = "late"


def check_months(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.I2A_AUDIT_MONTHS >= LEAST_MONTHS:
        return []
    message = f"The audit cannot be kept for less than {LEAST_MONTHS} months."
    return [Error(message, f"I2A_AUDIT_MONTHS is {settings.I2A_AUDIT_MONTHS}.", id="i2a.E004")]


def dispose() -> Check | None:
    """Remove the months past their time, and write down which were kept and why.

    None: there is nothing to say, for no month is past its time, and none was when it was asked last.
    Not in the demonstration: its clock may be set, so its rows say nothing of their age.
    """
    if settings.I2A_DEMO:
        return None
    began = time.monotonic()
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT * FROM audit_dispose(%s)", [settings.I2A_AUDIT_MONTHS])
        found = cursor.fetchall()
        told = Check.objects.filter(kind=Check.Kind.PAST).order_by("-pk").first()
        known = told.detail["kept"] if told else []
        if not found and not known:
            return None
        kept = [[table, f"{until - timedelta(days=1):%Y-%m-%d}", why] for table, until, _rows, why in found if why]
        newest = Seal.objects.order_by("-number").first()
        return Check.objects.create(
            kind=Check.Kind.PAST,
            at=clock.now(),
            actor_label=current().label,
            is_sound=not [one for one in kept if one[2] == LATE and one not in known],
            upto=newest.number if newest else 0,
            seconds=round(time.monotonic() - began, 3),
            detail={"rows": sum(rows for _table, _until, rows, why in found if not why), "kept": kept},
        )
