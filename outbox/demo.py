"""The demonstration's outbox: every mail as the receiver would get it, with raw headers (R-TST-01)."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from access.models import User
from audit.actor import acting_as_system
from i2a import clock
from i2a.demo import run_job
from i2a.permissions import SIGNED_IN, requires
from outbox import bounces
from outbox.framed import framed
from outbox.models import Message, StaffAlert
from outbox.progress import TONES, progress_of
from outbox.return_path import return_path
from outbox.services import message_id_for
from outbox.simulated import report
from outbox.sink import SinkMail, count_mails, mail_called, newest_mails

SHOWN = 50
CALLERS = "contacts.view_contact"
ALERTS_KNOWN = 200


@require_GET
@requires(SIGNED_IN)
def outbox(request: HttpRequest) -> HttpResponse:
    """Personal data is on it, which is why only a demonstration has this page."""
    mails = [mail for mail in newest_mails(settings.I2A_MAIL_SINK_DIR, SHOWN) if may_see(request, mail)]
    unfinished = Message.objects.unfinished().select_related("content").order_by("not_before", "pk")
    if not request.user.has_perm(CALLERS):
        unfinished = unfinished.none()
    now = clock.now()
    rows = {
        message.message_id: message
        for message in Message.objects.filter(message_id__in=[mail.message_id for mail in mails])
    }
    newest_alerts = StaffAlert.objects.order_by("-pk").values_list("uid", flat=True)
    alerts = {message_id_for(uid) for uid in newest_alerts[:ALERTS_KNOWN]}
    return render(
        request,
        "demo/outbox.html",
        {
            "mails": [(mail, rows.get(mail.message_id), mail.message_id in alerts) for mail in mails],
            "mail_count": count_mails(settings.I2A_MAIL_SINK_DIR),
            "waiting": [
                (message, TONES.get(message.state, "info"), progress_of(message, now)) for message in unfinished[:SHOWN]
            ],
        },
    )


def may_see(request: HttpRequest, mail: SinkMail) -> bool:
    """Who may not see callers sees the mail to colleagues only (N17)."""
    return request.user.has_perm(CALLERS) or User.objects.filter(email__iexact=mail.envelope_to).exists()


@require_GET
@requires(SIGNED_IN)
def html_part(request: HttpRequest, name: str) -> HttpResponseBase:
    """What a mail program would draw."""
    try:
        mail = mail_called(settings.I2A_MAIL_SINK_DIR, name)
    except FileNotFoundError as error:
        raise Http404 from error
    if not may_see(request, mail):
        raise Http404
    return framed(request, mail.html)


@require_POST
@requires(SIGNED_IN)
def bounce(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The receiver's mail server sends it back, for good; then the job that looks for such mail runs at once."""
    message = get_object_or_404(Message, uid=uid)
    mail = report(returned_to=return_path(message.pk), receiver=message.to_email, status="5.1.1")
    with acting_as_system("bounces"):
        result = bounces.receive(mail, now=clock.now())
    if result is bounces.Result.BOUNCED:
        messages.success(request, _("The mail came back. If it was requested information, somebody is asked to phone."))
        transaction.on_commit(lambda: run_job("followups.tasks.open_verifications"))
    else:
        messages.info(request, _("It had come back before. Nothing was changed."))
    return redirect("demo_outbox:outbox")
