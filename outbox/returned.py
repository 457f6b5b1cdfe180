"""The signed entrance for mail that came back, for a relay that speaks HTTP and not IMAP (docs/operations.md)."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from audit.actor import acting_as_system
from i2a import clock
from i2a.signed_posts import TooLarge, signed_body
from outbox import bounces
from outbox.dsn import LARGEST_READ

LARGEST_TAKEN = 20_000_000


@csrf_exempt  # signed by the relay, which has no session
@require_POST
@login_not_required
def returned(request: HttpRequest) -> HttpResponse:
    """The body is the mail as it came. 204: taken in, whatever it was. 503: the same once more in some minutes."""
    if not settings.I2A_BOUNCE_SECRET:
        raise Http404
    try:
        mail = signed_body(request, secret=settings.I2A_BOUNCE_SECRET, largest=LARGEST_TAKEN, kept=LARGEST_READ)
    except TooLarge:
        return HttpResponse(status=413)
    try:
        with acting_as_system("bounces"):
            bounces.receive(mail, now=clock.now())
    except bounces.NotYet:
        return HttpResponse(status=503, headers={"Retry-After": "120"})
    return HttpResponse(status=204)
