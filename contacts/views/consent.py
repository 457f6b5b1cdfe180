"""What somebody agreed to: every answer, the ways to end it, and how a wrong entry is corrected (R-CNS-02 to 06)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audit.models import AccessEvent
from audit.services import record_access
from contacts import ledger
from contacts.choices import FUTURE_CONTACT_PURPOSES, ConsentStatus, ContactStatus, Language, Purpose
from contacts.gate import badge_of, is_unconfirmed
from contacts.opening import asks_purpose, record_opening
from contacts.services import consents, stopping
from contacts.services.ledger_rows import LIVE
from contacts.stopping_form import ConfirmForm, CorrectionForm, DoNotContactForm, WithdrawForm
from contacts.views.loading import permitted_contact
from i2a import clock
from i2a.permissions import requires

CHANGE = "contacts.change_contact"


def changeable(request: HttpRequest, uid: UUID) -> Any:
    contact: Any = permitted_contact(request.user, CHANGE, uid)
    if not contact.is_changeable or contact.status != ContactStatus.ACTIVE:
        raise PermissionDenied
    return contact


@require_GET
@requires("contacts.view_contact")
@asks_purpose
def history(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Every answer, newest first. Nothing here can be edited."""
    contact: Any = permitted_contact(request.user, "contacts.view_contact", uid)
    may_change = contact.is_changeable and request.user.has_perm(CHANGE)
    record_opening(request, contact)
    answers = [
        (answer, may_change and bool(ledger.correctable(answer, contact.answers)))
        for answer in ledger.answers_in(contact.ledger)
    ]
    context = {
        "contact": contact,
        "answers": answers,
        "badge": badge_of(contact, answers=contact.answers),
        "may_change": may_change,
        "may_withdraw": may_change and bool(live_purposes(contact)),
    }
    return render(request, "contacts/consent_history.html", context)


def live_purposes(contact: Any) -> list[str]:
    live = {purpose for (purpose, _channel), event in contact.answers.items() if event.status in LIVE}
    return [purpose for purpose in Purpose.values if purpose in live]


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
@asks_purpose
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    contact = changeable(request, uid)
    live = live_purposes(contact)
    if not live:
        messages.info(request, _("Nothing is agreed, so nothing can be withdrawn."))
        return redirect(contact)
    form = WithdrawForm(request.POST if request.method == "POST" else None, live=live)
    if form.is_bound and form.is_valid():
        events = consents.withdraw(
            contact=contact,
            **form.cleaned_data,
            language=Language.FR if contact.language == Language.FR else Language.EN,
            source_ref=contact.ref,
            by=request.user,  # type: ignore[arg-type]
            now=clock.now(),
        )
        detail = {"how": form.cleaned_data["source"], "purposes": sorted({event.purpose for event in events})}
        kind = AccessEvent.Kind.CONSENT_WITHDRAWN
        record_access(kind=kind, object_type="contacts.contact", object_uid=contact.uid, detail=detail)
        messages.success(request, _("Withdrawn. From now on nothing is sent for it."))
        return redirect(contact)
    record_opening(request, contact)
    future = [purpose for purpose in live if purpose in FUTURE_CONTACT_PURPOSES]
    return render(request, "contacts/withdraw.html", {"contact": contact, "form": form, "is_last": len(future) == 1})


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
@asks_purpose
def do_not_contact(request: HttpRequest, uid: UUID) -> HttpResponse:
    """GET says exactly what happens; POST lets it happen."""
    contact = changeable(request, uid)
    if contact.do_not_contact:
        messages.info(request, _("This is recorded already."))
        return redirect(contact)
    form = DoNotContactForm(request.POST if request.method == "POST" else None, contact=contact)
    if form.is_bound and form.is_valid():
        stopping.record_do_not_contact(
            contact=contact,
            dropped=form.dropped(),
            language=Language.FR if contact.language == Language.FR else Language.EN,
            source=form.cleaned_data["source"],
            source_ref=contact.ref,
            by=request.user,  # type: ignore[arg-type]
            now=clock.now(),
        )
        messages.success(request, _("Recorded. Nobody contacts this client any more."))
        return redirect(contact)
    record_opening(request, contact)
    agreed = ledger.purpose_labels(set(live_purposes(contact)))
    return render(request, "contacts/do_not_contact.html", {"contact": contact, "form": form, "agreed": agreed})


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
@asks_purpose
def confirm_address(request: HttpRequest, uid: UUID) -> HttpResponse:
    contact = changeable(request, uid)
    if contact.do_not_contact or not contact.email or not is_unconfirmed(contact, contact.answers):
        raise Http404
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        consents.confirm_address(
            contact=contact,
            source=form.cleaned_data["source"],
            source_ref=contact.ref,
            by=request.user,  # type: ignore[arg-type]
            now=clock.now(),
        )
        messages.success(request, _("Confirmed for the new address."))
        return redirect(contact)
    record_opening(request, contact)
    agreed = ledger.purpose_labels(unconfirmed_purposes(contact))
    return render(request, "contacts/confirm_address.html", {"contact": contact, "form": form, "agreed": agreed})


def unconfirmed_purposes(contact: Any) -> set[str]:
    return {key[0] for key, event in contact.answers.items() if event.status == ConsentStatus.UNCONFIRMED}


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
@asks_purpose
def correct(request: HttpRequest, uid: UUID, event_uid: UUID) -> HttpResponse:
    """A wrong entry stays; a new one with the reason puts the answer back that stood before (R-CNS-02)."""
    contact = changeable(request, uid)
    answers = ledger.answers_in(contact.ledger)
    answer = next((found for found in answers if event_uid in {event.uid for event in found.events}), None)
    if answer is None:
        raise Http404
    events = ledger.correctable(answer, contact.answers)
    if not events:
        messages.info(request, _("This answer is no longer in force, or the client gave it without us."))
        return redirect("contacts:consent", contact.uid)
    form = CorrectionForm(request.POST if request.method == "POST" else None, contact=contact, events=events)
    if form.is_bound and form.is_valid():
        chosen = [event for event in events if str(event.uid) in form.cleaned_data["entries"]]
        reason = form.cleaned_data["reason"]
        consents.correct(events=chosen, reason=reason, by=request.user, now=clock.now())  # type: ignore[arg-type]
        messages.success(request, _("Corrected. Both entries stay in the history."))
        return redirect("contacts:consent", contact.uid)
    record_opening(request, contact)
    return render(request, "contacts/consent_correct.html", {"contact": contact, "form": form, "answer": answer})
