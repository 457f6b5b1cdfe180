"""What the call page shows around its two forms."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from calls.context_processors import drafts_for
from calls.forms.call import CallForm
from calls.models import CallDraft
from calls.selectors import earlier_calls
from contacts.choices import ConsentStatus, Purpose, TextKind
from contacts.forms import CallerForm
from contacts.gate import badge_of, is_unconfirmed
from contacts.models import Contact
from contacts.models.contact import ADDRESS_FIELDS
from contacts.representing import links_of
from contacts.texts import texts_in_force
from followups.calendar import due_at
from followups.models import FollowUp
from followups.selectors import load_calendar
from i2a import clock

CALLER_BOX = [
    "name", "organisation", "organisation_type", "organisation_other", "category", "third_party_kind", "category_other",
]  # fmt: skip
REACH_BOX = ["email", "phone", "mobile", "fax", "notice_given", *ADDRESS_FIELDS]
RESULT_BOX = ["services", "documents", "follow_up_decision", "follow_up_asked"]


def page_context(
    request: HttpRequest, draft: CallDraft, caller: CallerForm, form: CallForm, **more: Any
) -> dict[str, Any]:
    now = clock.now()
    texts = texts_in_force(now)
    mine = drafts_for(request)
    counted = next((other for other in [mine.current, *mine.unfinished] if other == draft), draft)
    return {
        "draft": draft,
        "open_draft": counted,  # the strip belongs to the call on the page, even when a newer one was begun elsewhere
        "caller": caller,
        "form": form,
        "texts": texts,
        "announcements": [
            (kind, texts[kind])
            for kind in (TextKind.ANNOUNCEMENT_WELCOME, TextKind.ANNOUNCEMENT_RECORDED)
            if kind in texts
        ],
        "due": due_at(draft.started_at, load_calendar()),
        "may_have_address": "street" in caller.fields,
        "asks_about_address": asks_about_address(draft, form),
        "caller_box_failed": failed(caller, CALLER_BOX) or "calling_for" in form.errors,
        "reach_box_failed": failed(caller, REACH_BOX),
        "address_failed": failed(caller, ADDRESS_FIELDS),
        "result_box_failed": failed(form, RESULT_BOX),
        **around_the_caller(request, draft),
        "conflict": None,
        "question": None,
        "colleagues": None,
        **more,
    }


def agreed_before(contact: Contact) -> dict[str, str]:
    """What stands, and what lapsed or stands in the old system only: this call is the time to ask again (N3)."""
    states = [state for state in contact.consent_states.all() if state.purpose != Purpose.SURVEY]

    def purposes(*statuses: ConsentStatus) -> str:
        found = {state.purpose for state in states if state.status in statuses}
        return get_text_list([str(purpose.label) for purpose in Purpose if purpose in found], _("and"))

    lapsed = purposes(ConsentStatus.LAPSED, ConsentStatus.LEGACY)
    return {"granted": purposes(ConsentStatus.GRANTED), "lapsed": lapsed}


def asks_about_address(draft: CallDraft, form: CallForm) -> bool:
    """The address has changed on this call, or before it and an agreement waits to be confirmed (R-CNS-06)."""
    if draft.contact is None or draft.contact.do_not_contact or "email_confirmed" not in form.fields:
        return False
    return bool(form["email_confirmed"].value()) or "email_confirmed" in form.errors or is_unconfirmed(draft.contact)


def failed(form: Any, names: list[str]) -> bool:
    return any(name in form.errors for name in names)


def around_the_caller(request: HttpRequest, draft: CallDraft) -> dict[str, Any]:
    """The left side: what we owe this caller, what they asked before, what they agreed to."""
    if draft.contact is None:
        return {"owed": owed_on(draft), "past_calls": [], "granted": "", "lapsed": "", "badge": None, "links": None}
    return {
        "owed": owed_on(draft),
        "past_calls": earlier_calls(draft.contact, request.user),
        **agreed_before(draft.contact),
        "badge": badge_of(draft.contact),
        "links": links_of(draft.contact, request.user),
    }


def owed_on(draft: CallDraft) -> list[FollowUp]:
    """What we owe this caller, and the missed call that this one answers."""
    if draft.contact is None and draft.answers is None:
        return []
    owed = FollowUp.objects.answerable(draft.contact, draft.user)
    return list(owed.filter(Q(contact__isnull=False) | Q(uid=draft.answers)).order_by("due_at", "pk")[:3])
