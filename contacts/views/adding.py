"""Entering a contact without a call: in full, or for materials by e-mail only (R-CON-04)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from access.teams import team_of
from contacts import duplicates, origins
from contacts.choices import FutureContactAnswer
from contacts.consent_form import NewContactConsentForm
from contacts.duplicates import Question
from contacts.forms import MATERIALS_REFUSED
from contacts.models import Contact
from contacts.new_form import NewContactForm
from contacts.organisations import Colleagues, colleagues_of
from contacts.redrawn import fill_again
from contacts.services.entering import enter_contact, entered_before
from contacts.texts import texts_in_force
from contacts.views.loading import permitted_contact
from i2a import clock
from i2a.constraints import saved
from i2a.permissions import requires


@require_http_methods(["GET", "POST"])
@requires("contacts.add_contact")
def new(request: HttpRequest) -> HttpResponse:
    return add(request, materials_only=False)


@require_http_methods(["GET", "POST"])
@requires("contacts.add_contact")
def materials_only(request: HttpRequest) -> HttpResponse:
    return add(request, materials_only=True)


def add(request: HttpRequest, *, materials_only: bool) -> HttpResponse:
    """GET and buttons such as "add an address" draw the form, with what was typed; Save writes the contact."""
    if uid := request.POST.get("use_contact"):
        return redirect(permitted_contact(request.user, "contacts.view_contact", as_uuid(uid)))
    is_save = request.method == "POST" and "more" not in request.POST
    caller, consent = forms_of(request, materials_only=materials_only, is_bound=is_save)
    question = None
    if is_save and is_acceptable(request, caller, consent):
        question = duplicates.ask(caller.contact_values(), data=request.POST, user=request.user)
        before = entered_before(form_uuid=caller.cleaned_data["form_uuid"], by=request.user)
        if before is None and (question is None or question.is_answered):
            before = saved(caller, lambda: enter(request, caller, consent, question))
        if before:
            messages.success(request, _("Contact %(ref)s saved.") % {"ref": before.ref})
            return redirect(origins.next_page(request, before))
    context = {
        "caller": caller,
        "consent": consent,
        "question": question,
        "colleagues": colleagues_asked_for(request),
        "texts": texts_in_force(clock.now()),
        "origins": origins.carried(request.POST),
    }
    return render(request, "contacts/new.html", context)


def colleagues_asked_for(request: HttpRequest) -> Colleagues | None:
    """Without script a button asks for them."""
    if request.POST.get("more") != "colleagues":
        return None
    return colleagues_of(request.POST.get("organisation", ""), request.user)


def as_uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def forms_of(
    request: HttpRequest, *, materials_only: bool, is_bound: bool
) -> tuple[NewContactForm, NewContactConsentForm | None]:
    """Both forms; the question about future contact is not asked for materials only."""
    typed = request.POST
    is_agreed = typed.get("future_contact") == FutureContactAnswer.YES or typed.get("more") == "address"
    options: dict[str, Any] = {"materials_only": materials_only, "may_have_address": is_agreed and not materials_only}
    data = typed if is_bound else None
    caller = NewContactForm(data, **options)
    consent = None if materials_only else NewContactConsentForm(data)
    if typed and not is_bound:
        fill_again(caller, typed)
        if consent:
            fill_again(consent, typed)
        if consent and typed.get("more") == "address":
            consent.initial["future_contact"] = FutureContactAnswer.YES
    return caller, consent


def is_acceptable(request: HttpRequest, caller: NewContactForm, consent: NewContactConsentForm | None) -> bool:
    caller.is_valid()
    if request.user.team is None:
        caller.add_error(None, _("You belong to no team yet, so a contact would belong to nobody."))
    if consent is None and any(name in caller.data for name in NewContactConsentForm.base_fields):
        caller.add_error(None, MATERIALS_REFUSED)
    return all([caller.is_valid(), consent is None or consent.is_valid()])


def enter(
    request: HttpRequest, caller: NewContactForm, consent: NewContactConsentForm | None, question: Question | None
) -> Contact:
    now = clock.now()
    contact = enter_contact(
        values=caller.contact_values(),
        answer=consent.cleaned_data if consent else None,
        team=team_of(request.user),
        by=request.user,
        now=now,
        materials_only=caller.materials_only,
    )
    if question:
        question.record(contact=contact, by=request.user, now=now)
    return contact
