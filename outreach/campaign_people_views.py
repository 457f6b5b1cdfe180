"""Who gets a campaign, who does not and why, what became of each mail; and the mail as one of them reads it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audit.models import AccessEvent
from audit.services import record_access
from contacts.countries import country_name
from contacts.languages import language_name
from contacts.ledger import Answer
from contacts.models import Contact
from i2a.keyset import Key, Order, number_of, page_of, parts_of, token_of
from i2a.permissions import requires
from outbox.framed import framed
from outbox.models import Message, Reason
from outbox.progress import TONES as MESSAGE_TONES
from outreach.campaign_page import told_of
from outreach.campaign_preview import preview_for
from outreach.campaign_views import counted, language_in, loaded, to_in
from outreach.campaigns.approving import fell_out
from outreach.campaigns.audience import ORDER, agreements, excluded_for, included, say_reason
from outreach.mailings.progress import reached
from outreach.mailings.told import OUTCOMES
from outreach.models import Campaign
from outreach.views import address_with

ROWS_PER_PAGE = 50
BY_AGE = Order("pk")


@dataclass(frozen=True)
class Row:
    """One person: where they are, what allows it, what became of it."""

    contact: Contact
    agreement: Answer | None
    message: Message | None
    reason: str

    @property
    def where(self) -> str:
        """Where they live; else where they are from, said so."""
        if self.contact.residence_country:
            return country_name(self.contact.residence_country)
        if not self.contact.origin_country:
            return ""
        return _("From: %(country)s") % {"country": country_name(self.contact.origin_country)}

    @property
    def language(self) -> str:
        return language_name(self.contact.language)

    @property
    def tone(self) -> str:
        return MESSAGE_TONES.get(self.message.state, "info") if self.message else ""


@require_GET
@requires("outreach.view_campaign")
def campaign_people(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Those whom the user may see, person by person; all of them are counted beside it."""
    campaign, show = loaded(request, uid), show_in(request)
    people = people_shown(campaign, request.user, show)
    page = page_of(people, BY_AGE, ROWS_PER_PAGE, after=key_in(request))
    record_access(
        kind=AccessEvent.Kind.LISTED,
        object_type="outreach.campaign",
        object_uid=campaign.uid,
        detail={"count": len(page.rows)},
    )
    found = counted(campaign)
    visible = people.count() if page.has_next or page.has_previous else len(page.rows)
    context = {
        **told_of(campaign),
        **found,
        "hidden": max(0, found.get("totals", {}).get(show, 0) - visible),
        "people": rows_of(campaign, page.rows),
        "heading": OUTCOMES.get(show) or say_reason(show),
        "more_url": address_with(request, after=token_of(page.rows[-1].pk)) if page.has_next else "",
    }
    return render(request, "outreach/campaign_people.html", context)


def show_in(request: HttpRequest) -> str:
    """ "" for anything that is neither an outcome nor a reason."""
    show = request.GET.get("show", "")
    return show if show in {*OUTCOMES, *ORDER, *Reason.values} else ""


def key_in(request: HttpRequest) -> Key | None:
    numbers = [number_of(part) for part in parts_of(request.GET.get("after", ""))]
    return Key(numbers[0], numbers[0]) if numbers and numbers[0] else None


def people_shown(campaign: Campaign, user: Any, show: str) -> QuerySet[Contact]:
    """`show`: "" for all who get it, what became of their mails, or why they get nothing."""
    if campaign.released_at:
        return reached(campaign, campaign.recipients.all(), included(campaign, user), show)
    if not show:
        return included(campaign, user)
    return fell_out(campaign, user).filter(why=show) if campaign.has_list else excluded_for(campaign, user, show)


def rows_of(campaign: Campaign, people: list[Contact]) -> list[Row]:
    """Three queries for a page of people."""
    allowed = agreements(campaign, people)
    of_them = Message.objects.filter(purpose_key=campaign.mailing, contact__in=people)
    mails = {mail.contact_id: mail for mail in of_them.defer("to_email")} if campaign.released_at else {}
    reasons = dict(campaign.recipients.filter(contact__in=people).values_list("contact", "reason"))
    return [
        Row(
            contact,
            Answer((allowed[contact.pk],)) if contact.pk in allowed else None,
            mails.get(contact.pk),
            say_reason(reasons.get(contact.pk, "")),
        )
        for contact in people
    ]


@require_GET
@requires("outreach.view_campaign")
def campaign_mail(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The HTML part, for the frame on the page of the campaign."""
    campaign = loaded(request, uid)
    preview = preview_for(campaign, request.user, to=to_in(request), language=language_in(request))
    if preview.written is None:
        raise Http404
    record_access(kind=AccessEvent.Kind.VIEWED, object_type="outreach.campaign", object_uid=campaign.uid)
    return framed(request, preview.written.html)
