"""The page behind the link in promotional mail, for people and for mail programs (R-CMP-05, N41, RFC 8058).

No sign-in, no cookie, no script; looking changes nothing, because scanners follow links. The token is the proof, so the
form needs no other; and it is sent to nobody else (`Referrer-Policy`), nor logged: it stands behind the "?".
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from audit.actor import current
from contacts.choices import Purpose, Source
from i2a import clock
from i2a.limits import is_over
from i2a.public_pages import language_of, sealed, speaking, switch
from outbox import unsubscribing
from outbox.models import Message

EVERYTHING = "all"
MOST_GUESSES = 30  # links that nobody was sent, from one address in a quarter of an hour


@csrf_exempt  # mail programs post it without a cookie (RFC 8058); the link is the proof
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def unsubscribe(request: HttpRequest) -> HttpResponse:
    message = unsubscribing.message_of(request.GET.get("t", ""))
    language = language_of(request, message.content.language if message else "")
    with speaking(language):
        response = answer(request, message) if message else unknown_link(request)
    return sealed(response, language)


def answer(request: HttpRequest, message: Message) -> HttpResponse:
    if request.method != "POST":
        return show(request, message)
    if is_one_click(request):
        unsubscribing.unsubscribe(
            message=message, purposes=[Purpose(message.kind)], source=Source.ONE_CLICK, now=clock.now()
        )
        said = gettext("You are unsubscribed.")
        return HttpResponse(f"{said}\n", content_type="text/plain; charset=utf-8")
    stop = request.POST.get("stop", "")
    if stop not in {*Purpose.values, EVERYTHING}:
        return show(request, message, status=400)
    purposes = list(Purpose) if stop == EVERYTHING else [Purpose(stop)]
    unsubscribing.unsubscribe(message=message, purposes=purposes, source=Source.WEB_LINK, now=clock.now())
    return show(request, message, stopped=stop)


def is_one_click(request: HttpRequest) -> bool:
    """What RFC 8058 has mail programs send, urlencoded or multipart."""
    return request.POST.get("List-Unsubscribe", "").casefold() == "one-click"


def show(request: HttpRequest, message: Message, *, stopped: str = "", status: int = 200) -> HttpResponse:
    choices = unsubscribing.choices_of(message)
    context = {
        "address": masked(message.to_email),
        "own": next((choice for choice in choices if choice.is_on and choice.purpose == message.kind), None),
        "others": [choice for choice in choices if choice.is_on and choice.purpose != message.kind],
        "ended": [choice for choice in choices if not choice.is_on],
        "stopped": Purpose(stopped).label if stopped in Purpose.values else "",
        "is_done": bool(stopped),
        "is_unclear": status == 400,
    }
    return render(request, "public/unsubscribe.html", context | switch(request), status=status)


def masked(address: str) -> str:
    """Enough for the receiver to know which mailbox is meant, and for nobody else to learn it: "t…@example.org"."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}…{at}{domain}" if address else ""


def unknown_link(request: HttpRequest) -> HttpResponse:
    """A link that we know is answered always, whoever guessed before from the same address."""
    guessed = is_over("unsubscribe-unknown", current().ip, most=MOST_GUESSES, seconds=15 * 60)
    return render(request, "public/unsubscribe_unknown.html", switch(request), status=429 if guessed else 404)
