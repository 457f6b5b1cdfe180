"""The page of the seal: up to where the history is proved, what the last check found, where the head was kept, and what
was removed when its time was over.
"""

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from audit import verifying
from audit.head_mail import last_mail, mail_head
from audit.models import AccessEvent, Check, Discrepancy, Disposal
from audit.sealing import status
from audit.services import record_access
from audit.system_actors import say_label
from i2a import clock
from i2a.permissions import requires

logger = logging.getLogger(__name__)
ASKED = "audit.verify.asked"
PATIENCE = 600  # seconds: the longest a task may take
MOST_SHOWN = 50
SHOWN_FOR = timedelta(days=30)
TABLES = {
    "audit_accessevent": gettext_lazy("Openings, searches, refusals, sign-ins"),
    "audit_logentry": gettext_lazy("Changes of records"),
    "audit_rowchange": gettext_lazy("Row changes"),
}
KEPT_BECAUSE = {
    "unsealed": gettext_lazy("not all of it is sealed"),
    "unsound": gettext_lazy("the last check of the seal did not find it sound"),
    "late": gettext_lazy("some of it was written or sealed later"),
    "review": gettext_lazy("a reading in it has to be reviewed"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires("audit.view_report")
def seal(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        send(request) if request.POST.get("do") == "send" else ask(request)
        return redirect("audit:seal")
    now = status()
    recent = Discrepancy.objects.filter(found_by__at__gt=clock.now() - SHOWN_FOR)
    found = recent.order_by("-first_at", "-pk")[:MOST_SHOWN]
    record_access(kind=AccessEvent.Kind.REPORT_VIEWED, object_type="audit.seal", detail={"count": len(found)})
    context: dict[str, Any] = {
        "status": now,
        "fault": fault_in_words(now.seal_check),
        "asked_at": asked_since(now.seal_check),
        "mail": last_mail(),
        "found": [(one, say_label(one.actor_label)) for one in found],
        "months": settings.I2A_AUDIT_MONTHS,
        "kept": list(kept_in_words(now.past_check)),
        "removed": removed(),
    }
    return render(request, "audit/seal.html", context)


def ask(request: HttpRequest) -> None:
    """Have the worker verify: a large history takes longer than a page may."""
    record_access(kind=AccessEvent.Kind.REPORT_VIEWED, object_type="audit.seal", detail={"verify": True})
    try:
        current_app.send_task("audit.tasks.verify", expires=PATIENCE, ignore_result=True, retry=False)
    except (OperationalError, RedisError, OSError):
        logger.warning("the broker does not answer; the seal was not verified")
        messages.error(request, _("The check could not be started. Try again in a few minutes."))
        return
    cache.set(ASKED, clock.now(), PATIENCE)
    messages.success(request, _("The whole history is being checked. Load this page again in a moment."))


def asked_since(check: Check | None) -> datetime | None:
    """Since when somebody waits for a check; None: nobody does."""
    asked: datetime | None = cache.get(ASKED)
    return asked if asked and not (check and check.at >= asked) else None


def send(request: HttpRequest) -> None:
    now = clock.now()
    count = mail_head(key=f"audit-head:{now.isoformat()}", now=now)
    if not count:
        messages.error(request, _("There is no seal yet, or nobody to send it to."))
        return
    sent = ngettext("The head goes to %(count)s person.", "The head goes to %(count)s people.", count)
    messages.success(request, sent % {"count": count})


def removed() -> list[tuple[str, Disposal]]:
    newest = Disposal.objects.order_by("-pk")[:MOST_SHOWN]
    return [(str(TABLES.get(gone.table_name, gone.table_name)), gone) for gone in newest]


def kept_in_words(check: Check | None) -> Iterator[tuple[str, date, str]]:
    """What is past its time, the month, why it was kept."""
    for table, last_day, why in check.detail["kept"] if check else []:
        yield str(TABLES[table]), date.fromisoformat(last_day), str(KEPT_BECAUSE[why])


def fault_in_words(check: Check | None) -> str:
    if check is None or check.is_sound:
        return ""
    words = {
        verifying.CHAIN: _("Seal %(number)s itself was changed."),
        verifying.GAP: _("Seal %(number)s is missing."),
        verifying.ROWS: _("Entries of batch %(number)s were changed, removed or added (%(what)s)."),
        verifying.TAIL: _("Batch %(number)s was sealed and is gone: the end of the history was cut."),
        verifying.REBUILT: _("Seal %(number)s is not the one whose head was kept outside: the seals were rebuilt."),
        verifying.HEADS: _("The file of heads cannot be read. The database itself fits up to batch %(number)s."),
        verifying.EARLY: _("What batch %(number)s and those before it sealed was removed before its time (%(what)s)."),
    }
    table = check.detail["what"]
    return words[check.detail["why"]] % {"number": check.detail["first_bad"], "what": TABLES.get(table, table)}
