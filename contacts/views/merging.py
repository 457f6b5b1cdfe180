"""Merging two contacts, step by step, and taking it back (F21, F22)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from contacts import comparing, duplicates
from contacts.merge_form import MergeForm
from contacts.merge_preview import preview_of
from contacts.models import Contact, MergeRecord, MergeSnapshot
from contacts.opening import asks_purpose, record_opening
from contacts.search import search
from contacts.services.contacts import StaleVersion
from contacts.services.merging import CannotMerge, merge_contacts
from contacts.services.unmerging import CannotUndo, WhyNot, changed_since, undo_merge, why_not
from contacts.views.loading import permitted_contact
from i2a import clock
from i2a.keyset import number_of
from i2a.permissions import requires

PERMISSION = "contacts.merge_contact"
WHY_NOT = {
    WhyNot.UNDONE: gettext_lazy("This merge was undone already."),
    WhyNot.TOO_LATE: gettext_lazy(
        "A merge can be undone for 30 days. After that the values it would need are erased. Correct the record instead."
    ),
    WhyNot.MERGED_ON: gettext_lazy("This record was merged into another one since. Undo that merge first."),
    WhyNot.LATER_MERGE: gettext_lazy("Another record was merged into this one since. Undo that merge first."),
}


@require_http_methods(["GET", "POST"])
@requires(PERMISSION)
def choose(request: HttpRequest, uid: UUID) -> HttpResponse:
    """With whom? POST looks up, because what is typed must never stand in a URL."""
    contact = changeable(request, uid)
    q = request.POST.get("q", "").strip()
    context = {
        "contact": contact,
        "q": q,
        "alike": duplicates.look(comparing.columns_of(contact), user=request.user, contact=contact).matches,
        "found": [match for match in search(q, request.user).matches if match.contact != contact] if q else None,
    }
    return render(request, "contacts/merge_choose.html", context)


@require_http_methods(["GET", "POST"])
@requires(PERMISSION)
@asks_purpose
def merge(request: HttpRequest, uid: UUID, other_uid: UUID) -> HttpResponse:
    """Choose what is kept, look at what will be, merge: three steps of one form."""
    if uid == other_uid:
        raise Http404
    winner, loser = changeable(request, uid), changeable(request, other_uid)
    form = MergeForm(request.POST if request.method == "POST" else None, winner=winner, loser=loser)
    if not form.is_bound or request.POST.get("step") == "choose":
        return show_choices(request, form if not form.is_bound else form.on_top())
    if form.is_stale:
        return conflict(request, form, StaleVersion(newest_of(winner, loser)))
    if not form.is_valid():
        return show_choices(request, form)
    if request.POST.get("step") != "merge":
        preview = preview_of(winner, loser, form.choices())
        record_opening(request, winner, loser)
        return render(
            request, "contacts/merge_preview.html", {"form": form, "preview": preview, "winner": winner, "loser": loser}
        )
    return try_to_merge(request, form)


def try_to_merge(request: HttpRequest, form: MergeForm) -> HttpResponse:
    try:
        merge_contacts(
            winner=form.winner,
            loser=form.loser,
            choices=form.choices(),
            versions=form.versions(),
            by=request.user,
            now=clock.now(),
        )
    except StaleVersion as stale:
        return conflict(request, form, stale)
    except CannotMerge:
        messages.error(request, _("These two cannot be merged: one of them is no longer active."))
        return redirect(form.winner)
    words = {"ref": form.loser.ref}
    messages.success(request, _("%(ref)s is part of this record now. You can undo this for 30 days.") % words)
    return redirect(form.winner)


def changeable(request: HttpRequest, uid: UUID) -> Contact:
    """An active contact that this person may merge."""
    contact = permitted_contact(request.user, PERMISSION, uid)
    if not contact.is_changeable:  # type: ignore[attr-defined]
        raise PermissionDenied
    return contact


def newest_of(*contacts: Contact) -> Contact:
    return max(contacts, key=lambda contact: contact.updated_at)


def show_choices(request: HttpRequest, form: MergeForm, status: int = 200, **more: Any) -> HttpResponse:
    record_opening(request, form.winner, form.loser)
    context = {"form": form, "winner": form.winner, "loser": form.loser, **more}
    return render(request, "contacts/merge.html", context, status=status)


def conflict(request: HttpRequest, form: MergeForm, stale: StaleVersion) -> HttpResponse:
    """Somebody changed one of the two: the choices stay, the values are the present ones (R-CAL-11)."""
    fresh = MergeForm(
        request.POST,
        winner=Contact.objects.select_related("team").get(pk=form.winner.pk),
        loser=Contact.objects.select_related("team").get(pk=form.loser.pk),
    )
    return show_choices(request, fresh.on_top(), status=409, conflict=stale)


@require_http_methods(["GET", "POST"])
@requires(PERMISSION)
@asks_purpose
def undo(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Two records again; the page says first what cannot be put back, or why nothing can."""
    records = MergeRecord.objects.merges().select_related("winner", "loser", "by")
    record: MergeRecord = get_object_or_404(records, uid=uid)
    winner = permitted_contact(request.user, PERMISSION, record.winner.uid)
    reason = why_not(record, clock.now())
    if not reason and not winner.is_changeable:  # type: ignore[attr-defined]
        raise PermissionDenied
    if request.method == "POST" and not reason:
        return try_to_undo(request, record)
    return show_undo(request, record, reason)


def try_to_undo(request: HttpRequest, record: MergeRecord) -> HttpResponse:
    seen = number_of(request.POST.get("version", "")) or 0
    try:
        undo_merge(record=record, version=seen, by=request.user, now=clock.now())
    except StaleVersion:
        return show_undo(request, record, is_stale=True)
    except CannotUndo as refused:
        return show_undo(request, record, refused.reason)
    messages.success(request, _("The merge is undone. There are two records again."))
    return redirect(record.winner)


def show_undo(request: HttpRequest, record: MergeRecord, reason: str = "", *, is_stale: bool = False) -> HttpResponse:
    winner = Contact.objects.get(pk=record.winner_id)
    record_opening(request, winner)
    snapshot = MergeSnapshot.objects.filter(record=record).first() if not reason else None
    context = {
        "record": record,
        "winner": winner,
        "why_not": WHY_NOT.get(reason, ""),
        "since": changed_since(winner, snapshot.data) if snapshot else None,
        "is_stale": is_stale,
    }
    return render(request, "contacts/merge_undo.html", context, status=409 if is_stale else 200)
