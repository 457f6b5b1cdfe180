from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audit.models import AccessEvent
from audit.services import record_access
from contacts.ledger import Answer
from contacts.opening import asks_purpose, record_opening
from i2a import clock
from i2a.keyset import Key, Order, number_of, page_of, parts_of, token_of
from i2a.permissions import get_permitted, may, requires
from outbox import backlog as selectors
from outbox import decisions, links, switches
from outbox.forms import SwitchForm
from outbox.health import health, mailbox_health
from outbox.mailing_pages import home_of
from outbox.models import Message, SendingState
from outbox.progress import TONES, progress_of
from outbox.return_path import return_path

ROWS_PER_PAGE = 50
BY_AGE = Order("pk")


@require_GET
@requires("outbox.view_backlog")
def backlog(request: HttpRequest) -> HttpResponse:
    """What waits, why, and what a person must decide; of those only what this person may see."""
    undecided = Message.objects.filter(state=Message.State.AMBIGUOUS).visible_to(request.user)
    keys = [number_of(part) for part in parts_of(request.GET.get("after", ""))]
    after = Key(keys[0], keys[0]) if keys and keys[0] else None
    page = page_of(undecided.select_related("contact", "content"), BY_AGE, ROWS_PER_PAGE, after=after)
    record_access(kind=AccessEvent.Kind.LISTED, object_type="outbox.message", detail={"count": len(page.rows)})
    now = clock.now()
    found = selectors.backlog(now)
    return render(
        request,
        "outbox/backlog.html",
        {
            "backlog": found,
            "trouble": selectors.in_words(health()),
            "mailbox": selectors.mailbox_in_words(mailbox_health()),
            "undecided": page.rows,
            "next_url": f"?after={token_of(page.rows[-1].pk)}" if page.has_next else "",
            "is_first": after is None,
            "count_up_to": selectors.COUNT_UP_TO,
            "may_switch": may(request.user, "outbox.switch_sending"),
            "may_resolve": may(request.user, "outbox.resolve_message"),
        },
    )


@require_http_methods(["GET", "POST"])
@requires("outbox.switch_sending")
def sending(request: HttpRequest) -> HttpResponse:
    """Stop all mail, or let it go on, with a reason."""
    state = SendingState.objects.filter(mailing=switches.ALL_MAIL).select_related("changed_by").first()
    is_stopped = state is not None and state.is_stopped
    form = SwitchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        to = request.POST.get("to")
        if to not in {"stop", "resume"}:
            raise SuspiciousOperation("Mail is stopped or resumed, nothing else.")
        stops = to == "stop"
        switch = switches.stop_sending if stops else switches.resume_sending
        try:
            switch(reason=form.cleaned_data["reason"], by=request.user, now=clock.now())
        except switches.AlreadySo:
            messages.info(request, _("Somebody else was faster. Nothing was changed."))
        else:
            messages.success(request, _("Sending is stopped.") if stops else _("Sending goes on."))
        return redirect("outbox:backlog")
    return render(request, "outbox/sending.html", {"form": form, "state": state, "is_stopped": is_stopped})


@require_http_methods(["GET", "POST"])
@requires("outbox.resolve_message")
def again(request: HttpRequest, uid: UUID) -> HttpResponse:
    return decide(request, uid, decisions.send_again, "again", _("It is queued again."))


@require_http_methods(["GET", "POST"])
@requires("outbox.resolve_message")
def arrived(request: HttpRequest, uid: UUID) -> HttpResponse:
    return decide(request, uid, decisions.treat_as_sent, "arrived", _("It counts as sent."))


def decide(request: HttpRequest, uid: UUID, decision: Any, name: str, done: str) -> HttpResponse:
    """The second of two clicks: what will happen, and the button that does it."""
    rows = Message.objects.select_related("contact", "content")
    found = get_permitted(rows, request.user, "outbox.resolve_message", uid=uid)
    if request.method == "POST":
        try:
            decision(message=found, now=clock.now())
        except decisions.AlreadyDecided:
            messages.info(request, _("Somebody else was faster. Nothing was changed."))
        else:
            messages.success(request, done)
        return redirect("outbox:backlog")
    record_access(kind=AccessEvent.Kind.VIEWED, object_type="outbox.message", object_uid=found.uid)
    action = reverse(f"outbox:{name}", args=[uid])
    return render(request, "outbox/decide.html", {"message": found, "name": name, "action": action})


@require_GET
@requires("contacts.view_contact")
@asks_purpose
def message(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Why was this sent: to whom, for what, in which words, and every step on the way (R-CMP-06)."""
    messages = Message.objects.select_related(
        "contact", "content", "created_by", "text_version", "consent_event__recorded_by"
    )
    found = get_permitted(messages, request.user, "contacts.view_contact", uid=uid)
    record_opening(request, found.contact, object_type="outbox.message", object_uid=found.uid)
    return render(
        request,
        "outbox/message.html",
        {
            "message": found,
            "agreement": Answer((found.consent_event,)) if found.consent_event else None,
            "tone": TONES.get(found.state, ""),
            "progress": progress_of(found, clock.now()),
            "events": found.events.order_by("at", "pk"),
            "return_path": return_path(found.pk),
            "words": links.shown(found.purpose_key, found.content.text),
            "mailing": home_of(found.purpose_key, request.user),
            "links_made": found.unsubscribe_tokens.count(),
        },
    )
