"""Why somebody opens a record: taken from the work they are at, asked only when there is none (N11).

Apps above add theirs with `register(...)` in their `AppConfig.ready()`. The first that fits is recorded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from access.models import ObjectGrant
from audit.models import AccessEvent
from audit.reports import purposes
from audit.services import record_access
from contacts import duplicates
from contacts.models import Contact, MergeRecord, OpeningReason, RecordRequest
from i2a import clock


@dataclass(frozen=True)
class Work:
    """`code` is what the access event says, `label` the same in words; `is_at` whether this person is at such work
    with this contact. `is_work`: the work is about this contact; without it, it is a general right to open it."""

    code: str
    position: int
    label: str | Promise
    is_at: Callable[[HttpRequest, Contact], bool]
    is_work: bool = True


_works: dict[str, Work] = {}


def register(work: Work) -> None:
    _works[work.code] = work
    purposes.register(work.code, work.label, is_work=work.is_work)


def register_works() -> None:
    """What contacts itself knows. A general right to open it comes after the work that needs it."""
    register(Work("team", 30, _("A record of their own team"), is_of_own_team, is_work=False))
    register(Work("shared", 40, _("A record shared with them"), is_shared, is_work=False))
    register(Work("request", 50, _("A request for access to decide"), waits_for_decision))
    register(Work("merge", 60, _("Records merged today"), was_merged_today))
    purposes.register(duplicates.PURPOSE, _("Possible duplicate"), is_work=True)


def purpose_of(request: HttpRequest, contact: Contact) -> str:
    """A code of a work or of `StatedPurpose`; "" when the person has to say."""
    for work in sorted(_works.values(), key=lambda work: work.position):
        if work.is_at(request, contact):
            return work.code
    said = OpeningReason.objects.filter(contact=contact, by=person(request), at__gte=clock.midnight())
    return said.order_by("-at", "-pk").values_list("purpose", flat=True).first() or ""


def is_of_own_team(request: HttpRequest, contact: Contact) -> bool:
    return contact.team_id == person(request).team_id


def is_shared(request: HttpRequest, contact: Contact) -> bool:
    """Named on it, or let in for a time; who does not see all teams has no other way to it."""
    user = person(request)
    if not user.has_perm("contacts.view_all_teams"):
        return True
    return ObjectGrant.objects.in_force(clock.now()).about(contact).filter(user=user).exists()


def waits_for_decision(request: HttpRequest, contact: Contact) -> bool:
    return RecordRequest.objects.to_decide(person(request)).filter(contact=contact).exists()


def was_merged_today(request: HttpRequest, contact: Contact) -> bool:
    merges = MergeRecord.objects.filter(Q(winner=contact) | Q(loser=contact))
    return merges.filter(by=person(request), at__gte=clock.midnight()).exists()


def person(request: HttpRequest) -> Any:
    return request.user


class PurposeNeeded(Exception):
    """Nothing says why this person opens this record."""

    def __init__(self, contact: Contact) -> None:
        super().__init__()
        self.contact = contact


def asks_purpose(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view that calls `record_opening`: who has to say why goes there first, and then comes back."""

    @wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except PurposeNeeded as needed:
            ask = reverse("contacts:opening", args=[needed.contact.uid])
            return redirect(f"{ask}?{urlencode({'next': request.get_full_path()})}")

    return asking


def record_opening(
    request: HttpRequest,
    *contacts: Contact,
    kind: AccessEvent.Kind = AccessEvent.Kind.VIEWED,
    object_type: str = "contacts.contact",
    object_uid: UUID | None = None,
) -> None:
    """One row each: who opened what, and for which work. `object_uid` names something of the contact's.

    What was posted is never lost for want of a purpose.

    :raises PurposeNeeded: see there; nothing was written and nothing may be shown.
    """
    purposes = [(contact, purpose_of(request, contact)) for contact in contacts]
    for contact, purpose in purposes:
        if not purpose and request.method == "GET":
            raise PurposeNeeded(contact)
    for contact, purpose in purposes:
        uid = object_uid or contact.uid
        record_access(kind=kind, object_type=object_type, object_uid=uid, detail={"purpose": purpose})
