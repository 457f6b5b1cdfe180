"""The public form of an event: no account, no cookie, no script; nothing is mailed to what is typed here (F75).

Nobody's session stands behind the form, so another site could send nothing in anybody's name: it has no CSRF token.
Whoever sent it comes to a page under a random number of its own, which may be opened again.
"""

import uuid
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from audit.actor import acting_as_visitor, current
from contacts.redrawn import fill_again
from i2a import clock
from i2a.limits import is_over
from i2a.public_pages import LOCALES, language_of, sealed, speaking, switch
from outreach import public_form
from outreach.models import Event, FormEntry
from outreach.public_fields import PublicForm
from outreach.registering import free_seats
from outreach.views import told

QUARTER = 15 * 60
MOST_GUESSES = 30  # addresses of no form, from one place in a quarter of an hour
MOST_ENTRIES = 10  # registrations from there; a family and an office share one


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def register(request: HttpRequest) -> HttpResponse:
    event = public_form.event_behind(request.GET.get("t", ""))
    language = language_of(request, event.title_language if event else "")
    with speaking(language), acting_as_visitor():
        response = answer(request, event, language)
    return sealed(response, language)


def answer(request: HttpRequest, event: Event | None, language: str) -> HttpResponse:
    if event is None and "r" in request.GET:
        return show_entry(request)
    if event is None and "t" not in request.GET:
        return show_open(request)
    if event is None:
        return unknown_link(request)
    if public_form.closed_because(event, clock.now()):
        return show_closed(request, event, 409 if request.method == "POST" else 200)
    if request.method != "POST":
        return show_form(request, event, empty_form(language))
    if "switch" in request.POST:
        return show_form(request, event, form_again(request, language))
    return take(request, event, language)


def empty_form(language: str) -> PublicForm:
    return PublicForm(initial={"form_uuid": uuid.uuid4(), "language": language})


def form_again(request: HttpRequest, language: str) -> PublicForm:
    """The other language, without losing what was typed; we answer in it, too, unless another one was chosen."""
    form = empty_form(language)
    typed = request.POST.copy()
    if typed.get("language") not in LOCALES or typed["language"] == typed.get("was", ""):
        typed["language"] = language
    fill_again(form, typed)
    return form


def take(request: HttpRequest, event: Event, language: str) -> HttpResponse:
    now = clock.now()
    form, notice = PublicForm(request.POST), public_form.notice_in(language, now)
    if notice is None or not form.is_valid():
        return show_form(request, event, form)
    if is_over("register", current().ip, most=MOST_ENTRIES, seconds=QUARTER):
        form.add_error(None, _("Many people have just registered from your network. Try again in 15 minutes."))
        return show_form(request, event, form, 429)
    sent = {"form_uuid": form.cleaned_data["form_uuid"], "notice": notice, "now": now}
    try:
        entry = public_form.enter(event=event, values=form.columns(), **sent)
    except public_form.FormClosed:
        return show_closed(request, event, 409)
    except public_form.FormUsed:
        form.add_error(None, str(form.fields["form_uuid"].error_messages["invalid"]))
        return show_form(request, event, form)
    return redirect(f"{public_form.PATH}?r={entry.uid}&lang={language}")


def show_form(request: HttpRequest, event: Event, form: PublicForm, status: int = 200) -> HttpResponse:
    now = clock.now()
    language = language_of(request, event.title_language)
    context = {
        **told(event),
        "form": form,
        "free": free_seats(event),
        "notice": public_form.notice_in(language, now),
        "was": language,
    }
    return render(request, "public/register.html", context | switch(request), status=status)


def show_closed(request: HttpRequest, event: Event, status: int) -> HttpResponse:
    context = told(event) | {"because": public_form.closed_because(event, clock.now())}
    return render(request, "public/register_closed.html", context | switch(request), status=status)


def show_entry(request: HttpRequest) -> HttpResponse:
    """What became of it, for whoever sent it: never what was typed."""
    entry = entry_behind(request.GET["r"])
    if entry is None:
        return unknown_link(request)
    registration = entry.registration
    context = told(registration.event) | {"entry": entry, "state": registration.state}
    return render(request, "public/registered.html", context | switch(request))


def entry_behind(number: str) -> FormEntry | None:
    try:
        uid = UUID(number)
    except ValueError:
        return None
    return FormEntry.objects.select_related("registration__event").filter(uid=uid).first()


def show_open(request: HttpRequest) -> HttpResponse:
    rows = [
        told(event) | {"url": f"?t={event.link_token}&lang={language_of(request)}", "is_full": is_full(event)}
        for event in public_form.open_to_everybody(clock.now())
    ]
    status = 400 if request.method == "POST" else 200
    return render(request, "public/register_open.html", {"rows": rows} | switch(request), status=status)


def is_full(event: Event) -> bool:
    """Of an event `with_counts`."""
    return event.seats is not None and event.seats_taken >= event.seats  # type: ignore[attr-defined]


def unknown_link(request: HttpRequest) -> HttpResponse:
    guessed = is_over("register-unknown", current().ip, most=MOST_GUESSES, seconds=QUARTER)
    return render(request, "public/register_unknown.html", switch(request), status=429 if guessed else 404)
