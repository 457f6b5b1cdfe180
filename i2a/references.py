"""Numbers that people read aloud: C-2026-000123 for a call, P-2026-000045 for a contact."""

from datetime import datetime

from django.db import connection
from django.utils import timezone


def next_reference(prefix: str, now: datetime) -> str:
    """The next number of this kind. Gaps are normal (a rolled-back save takes a number with it)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [f"reference_{prefix.lower()}"])
        (number,) = cursor.fetchone()
    return f"{prefix}-{timezone.localtime(now).year}-{number:06d}"
