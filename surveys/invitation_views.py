"""The tab "Invitations": who is invited, in which words, how far it is; and the mail as one of them reads it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from access.middleware import STOP_ASKING
from audit.models import AccessEvent
from audit.services import record_access
from calls.models import Call
from contacts.choices import Language
from contacts.languages import language_name
from contacts.ledger import Answer
from contacts.models import Contact
from i2a.keyset import Order, page_of, token_of
from i2a.permissions import asked_by_the_page, may, requires
from i2a.wall_time import say_short_day
from outbox.framed import framed
from outbox.models import Message, Reason
from outreach.campaign_forms import DecisionForm
from outreach.campaign_people_views import ROWS_PER_PAGE, key_in
from outreach.campaign_views import language_in, to_in
from outreach.mailings.preview import Preview, as_read, language_for, neighbours
from outreach.mailings.progress import reached
from outreach.mailings.told import OUTCOMES
from outreach.views import address_with
from surveys.editing.checks import missing
from surveys.invitation_page import counted, steps_open, told
from surveys.inviting.approving import fell_out
from surveys.inviting.audience import ORDER, agreements, excluded_for, included, latest_call, say_reason
from surveys.models import Invitation, Survey
from surveys.views import loaded

BY_AGE = Order("pk")


@require_GET
@requires("surveys.view_survey")
def invitations(request: HttpRequest, uid: UUID) -> HttpResponse:
    return show_invitations(request, loaded(request, uid))


def show_invitations(request: HttpRequest, survey: Survey, **more: Any) -> HttpResponse:
    """With its mail as one of its people reads it. `more`: a form with what is wrong, or why a step was not taken."""
    preview = preview_for(survey, request.user, to=to_in(request), language=language_in(request))
    detail = {"count": 1 if preview.contact else 0}
    record_access(kind=AccessEvent.Kind.VIEWED, object_type="surveys.survey", object_uid=survey.uid, detail=detail)
    found, steps = counted(survey), steps_open(request.user, survey)
    readers = found["audience"].by_language if found["aside"] == "audience" else {}
    context = {
        **told(survey, request.user),
        **found,
        "preview": preview,
        "tabs": [(code, label, readers.get(code, 0)) for code, label in Language.choices],
        "decision": DecisionForm(),
        "missing": missing(survey) if steps["can_ask"] else [],
        **steps,
        **more,
    }
    return render(request, "surveys/invitations.html", context)


def preview_for(survey: Survey, user: Any, *, to: UUID | None, language: str) -> Preview:
    """`language` "" is the one this person gets."""
    people = neighbours(included(survey, user).order_by("pk"), to)
    contact = people[0]
    agreement = agreements(survey, [contact]).get(contact.pk) if contact else None
    return as_read(survey, agreement, language or language_for(survey, contact), *people)


@require_GET
@requires("surveys.view_survey")
@asked_by_the_page
def progress(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The page asks every few seconds; once the survey is in another state, the whole page is drawn again."""
    survey = loaded(request, uid)
    if survey.state != request.GET.get("state"):
        return HttpResponse(status=STOP_ASKING, headers={"HX-Refresh": "true"})
    if not survey.released_at:
        return HttpResponse(status=204)
    context = {"campaign": survey, "survey": survey, "polls": True, **counted(survey)}
    return render(request, "surveys/_invitation_progress.html", context)


@require_GET
@requires("surveys.view_survey")
def mail(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The HTML part, for the frame on the page."""
    survey = loaded(request, uid)
    preview = preview_for(survey, request.user, to=to_in(request), language=language_in(request))
    if preview.written is None:
        raise Http404
    record_access(kind=AccessEvent.Kind.VIEWED, object_type="surveys.survey", object_uid=survey.uid)
    return framed(request, preview.written.html)


@dataclass(frozen=True)
class Row:
    """One person: what allows it, which call it is about, what became of the mail."""

    contact: Contact
    agreement: Answer | None
    call: Call | None
    may_open_call: bool
    message: Message | None
    reason: str

    @property
    def language(self) -> str:
        return language_name(self.contact.language)

    @property
    def called_on(self) -> str:
        return say_short_day(self.call.started_at) if self.call else ""


@require_GET
@requires("surveys.view_survey")
def people(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Those whom the user may see, person by person; all of them are counted beside it. Never who has answered."""
    survey, show = loaded(request, uid), show_in(request)
    shown = people_shown(survey, request.user, show)
    page = page_of(shown, BY_AGE, ROWS_PER_PAGE, after=key_in(request))
    detail = {"count": len(page.rows)}
    record_access(kind=AccessEvent.Kind.LISTED, object_type="surveys.survey", object_uid=survey.uid, detail=detail)
    found = counted(survey)
    visible = shown.count() if page.has_next or page.has_previous else len(page.rows)
    context = {
        **told(survey, request.user),
        **found,
        "hidden": max(0, found.get("totals", {}).get(show, 0) - visible),
        "people": rows_of(survey, page.rows, request.user),
        "heading": OUTCOMES.get(show) or say_reason(show),
        "more_url": address_with(request, after=token_of(page.rows[-1].pk)) if page.has_next else "",
    }
    return render(request, "surveys/people.html", context)


def show_in(request: HttpRequest) -> str:
    """ "" for anything that is neither an outcome nor a reason."""
    show = request.GET.get("show", "")
    return show if show in {*OUTCOMES, *ORDER, *Reason.values} else ""


def people_shown(survey: Survey, user: Any, show: str) -> QuerySet[Contact]:
    """`show`: "" for all who are invited, what became of their mails, or why they get nothing."""
    if survey.released_at:
        return reached(survey, survey.invitations.all(), included(survey, user), show)
    if not show:
        return included(survey, user)
    return fell_out(survey, user).filter(why=show) if survey.has_list else excluded_for(survey, user, show)


def rows_of(survey: Survey, contacts: list[Contact], user: Any) -> list[Row]:
    """A few queries for a page of people."""
    allowed = agreements(survey, contacts)
    of_them = survey.invitations.filter(contact__in=contacts).select_related("message").defer("message__to_email")
    by_contact: dict[int, Invitation] = {one.contact_id: one for one in of_them}
    calls = calls_of(survey, contacts, by_contact)
    opens = may(user, "calls.view_call")
    return [
        Row(
            contact,
            Answer((allowed[contact.pk],)) if contact.pk in allowed else None,
            calls.get(contact.pk),
            opens,
            by_contact[contact.pk].message if contact.pk in by_contact else None,
            say_reason(by_contact[contact.pk].reason) if contact.pk in by_contact else "",
        )
        for contact in contacts
    ]


def calls_of(survey: Survey, contacts: list[Contact], listed: dict[int, Invitation]) -> dict[int, Call]:
    """By contact, the call they are asked about: that of the list, else the latest that fits now."""
    keys = {contact: one.call_id for contact, one in listed.items()}
    if not survey.has_list:
        now = Contact.objects.filter(pk__in=[contact.pk for contact in contacts]).annotate(asked=latest_call(survey))
        keys = dict(now.values_list("pk", "asked"))
    calls = Call.objects.in_bulk([key for key in keys.values() if key])
    return {contact: calls[key] for contact, key in keys.items() if key in calls}
