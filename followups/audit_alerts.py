"""Telling the system owner and the privacy officers what the checks of the audit found, and mailing the head of its
seal every Monday. At once, also at night: a broken seal waits for nobody. Here beside the other alerts.

The mails hold a link and digests, and nothing about anybody.
"""

from datetime import datetime, timedelta
from functools import partial

from django.utils.translation import gettext as _

from audit.head_mail import mail_head
from audit.models import Check, Seal
from followups.access_alerts import answerable, link, untold
from i2a.clock import EDMONTON
from outbox.alerts import tell
from outbox.models import StaffAlert

STALE = timedelta(days=7)


def tell_about_audit(*, now: datetime) -> int:
    """Queue what nobody was told yet; return how many mails. Safe to run twice."""
    return report_checks(now) + mail_weekly_head(now)


def report_checks(now: datetime) -> int:
    bad = Check.objects.filter(is_sound=False, at__gt=now - STALE)
    return sum(
        tell(key=key, to=answerable(now), words=partial(words_of_check, check), now=now)
        for key, check in untold("audit-check", bad)
    )


def mail_weekly_head(now: datetime) -> int:
    year, week, _day = now.astimezone(EDMONTON).isocalendar()
    key = f"audit-head:{year}-{week}"
    return 0 if StaffAlert.objects.filter(key=key).exists() else mail_head(key=key, now=now)


def send_head(seal: Seal, key: str, now: datetime) -> int:
    return tell(key=key, to=answerable(now), words=partial(words_of_head, seal), now=now)


def words_of_check(check: Check) -> tuple[str, str]:
    words = {
        Check.Kind.SEAL: _("The audit does not fit its seal"),
        Check.Kind.ROWS: _("The nightly check found changes that the audit does not explain"),
        Check.Kind.PAST: _("A month of the audit is past its time and holds what was written later: it was kept"),
    }
    said = words[Check.Kind(check.kind)]
    return said, f"{said}.\n{link('audit:seal')}"


def words_of_head(seal: Seal) -> tuple[str, str]:
    said = _("The head of the audit's seal")
    keep = _("Keep this mail: by it a cut or rebuilt audit can be found.")
    return said, f"{keep}\n{seal.number} {seal.digest} {seal.at.isoformat()}\n{link('audit:seal')}"
