"""The demonstration's outbox: every mail as the receiver would get it, with raw headers (R-TST-01)."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from i2a import clock
from i2a.permissions import SIGNED_IN, requires
from outbox.framed import framed
from outbox.models import Message
from outbox.progress import TONES, progress_of
from outbox.sink import count_mails, mail_called, newest_mails

SHOWN = 50


@require_GET
@requires(SIGNED_IN)
def outbox(request: HttpRequest) -> HttpResponse:
    """Personal data is on it, which is why only a demonstration has this page."""
    mails = newest_mails(settings.I2A_MAIL_SINK_DIR, SHOWN)
    unfinished = Message.objects.unfinished().select_related("content").order_by("not_before", "pk")
    now = clock.now()
    rows = {
        message.message_id: message
        for message in Message.objects.filter(message_id__in=[mail.message_id for mail in mails])
    }
    return render(
        request,
        "demo/outbox.html",
        {
            "mails": [(mail, rows.get(mail.message_id)) for mail in mails],
            "mail_count": count_mails(settings.I2A_MAIL_SINK_DIR),
            "waiting": [
                (message, TONES.get(message.state, "info"), progress_of(message, now)) for message in unfinished[:SHOWN]
            ],
        },
    )


@require_GET
@requires(SIGNED_IN)
def html_part(request: HttpRequest, name: str) -> HttpResponse:
    """What a mail program would draw."""
    try:
        mail = mail_called(settings.I2A_MAIL_SINK_DIR, name)
    except FileNotFoundError as error:
        raise Http404 from error
    return framed(request, mail.html)
