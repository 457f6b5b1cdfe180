"""What surveys put on the contact's page and, after a call, on the desk; and the button on both."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from calls import after_call
from calls.choices import SurveyNotice
from calls.models import Call
from contacts.gate import answers_of
from contacts.record_page import Part, Place, register
from contacts.views.loading import permitted_contact
from i2a import clock
from i2a.permissions import may, requires
from surveys import by_phone
from surveys.ballots.tokens import path_of


def register_parts() -> None:
    register(Part(Place.PANEL, 35, "surveys/_contact_panel.html", panel))
    after_call.register(after_call.NextStep("surveys/_after_call.html", ask_now))


def panel(request: HttpRequest, contact: Any) -> dict[str, Any] | None:
    """Only while a survey is open, for those who ask on the phone, of somebody who agreed to be asked."""
    if not may(request.user, "surveys.ask_by_phone") or by_phone.agreement_of(contact, contact.answers) is None:
        return None
    standing = by_phone.standing_of(contact, contact.answers, clock.now())
    return {"standing": standing} if standing.survey else None


def ask_now(request: HttpRequest, call: Call) -> dict[str, Any] | None:
    """Where the caller was told on this very call, and may be asked."""
    contact: Any = call.contact
    if call.survey_notice != SurveyNotice.GIVEN or not may(request.user, "surveys.ask_by_phone"):
        return None
    standing = by_phone.standing_of(contact, answers_of(contact), clock.now())
    return None if standing.refusal else {"contact": contact, "standing": standing}


@require_POST
@requires("surveys.ask_by_phone")
def ask_by_phone(request: HttpRequest, uid: UUID) -> HttpResponse:
    contact: Any = permitted_contact(request.user, "surveys.ask_by_phone", uid)
    try:
        token = by_phone.ask(contact=contact, answers=contact.answers, now=clock.now())
    except by_phone.NotToBeAsked as refused:
        messages.error(request, str(refused))
        return redirect(contact)
    return redirect(f"{path_of(token)}&phone=1")
