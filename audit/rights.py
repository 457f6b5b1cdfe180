"""What the application's and the auditor's role may do with the audit, settled after each migration by the owner."""

from typing import Any

from django.conf import settings
from django.db import connections

OWNED = (
    "SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'audit_settle_rights' AND proowner = to_regrole(CURRENT_USER))"
)


def settle_rights(using: str, **kwargs: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(OWNED)
        if cursor.fetchone() == (True,):
            cursor.execute("SELECT audit_settle_rights(%s, %s)", [settings.I2A_APP_ROLE, settings.I2A_AUDITOR_ROLE])
