"""The buttons of a follow-up. A queue shows fifty rows and few kinds of them: each kind is drawn once for a page, and
the keys and the name are put in."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from secrets import token_hex
from uuid import uuid4

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from followups.calendar import is_late
from followups.models import FollowUp
from i2a import clock
from i2a.permissions import may

# They stand for what differs from row to row; nobody can have typed them.
FOLLOW_UP, CONTACT, WHOSE = str(uuid4()), str(uuid4()), f"whose-{token_hex(16)}"


@dataclass(frozen=True)
class Offer:
    """What can be done with a follow-up in one click. Closing and handing over always can."""

    pauses: bool
    resumes: bool
    verifies: bool
    calls_back: bool
    calls: bool
    writes: bool


@dataclass(frozen=True)
class Drawer:
    """For one page and one person."""

    request: HttpRequest
    may_call: bool
    may_write: bool
    now: datetime
    drawn: dict[Offer, str] = field(default_factory=dict)

    def actions_of(self, follow_up: FollowUp) -> SafeString:
        offer, contact = self.offer_of(follow_up), follow_up.contact
        if offer not in self.drawn:
            context = {**asdict(offer), "follow_up_uid": FOLLOW_UP, "contact_uid": CONTACT, "whose": WHOSE}
            self.drawn[offer] = render_to_string("followups/_actions.html", context, self.request)
        whose = contact.display_name if contact else follow_up.asked or follow_up.number
        html = self.drawn[offer].replace(FOLLOW_UP, str(follow_up.uid)).replace(WHOSE, escape(whose))
        return mark_safe(html.replace(CONTACT, str(contact.uid)) if contact else html)  # noqa: S308 - a template wrote it

    def offer_of(self, follow_up: FollowUp) -> Offer:
        contact = follow_up.contact
        verifies = self.may_call and follow_up.kind == FollowUp.Kind.VERIFY_EMAIL
        has_number = contact is not None and bool(contact.phone or contact.mobile)
        paused = follow_up.paused_at is not None
        return Offer(
            pauses=not paused and not is_late(follow_up.due_at, self.now),
            resumes=paused,
            verifies=verifies,
            calls_back=self.may_call and contact is None and bool(follow_up.number),
            calls=self.may_call and has_number and follow_up.is_by_phone and not verifies,
            writes=self.may_write and contact is not None and bool(contact.email) and follow_up.is_by_email,
        )


def drawer_for(request: HttpRequest) -> Drawer:
    may_call, may_write = may(request.user, "calls.add_call"), may(request.user, "outbox.send_information")
    return Drawer(request, may_call=may_call, may_write=may_write, now=clock.now())
