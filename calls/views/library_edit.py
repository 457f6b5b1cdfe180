"""Keeping the library: team leads propose, managers release, review, withdraw and say what was wrong (R-INF-03)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.conflict_page import on_top, show_conflict
from calls import library
from calls.forms.library import DocumentForm, ReviewForm, VersionForm, WrongForm
from calls.models import Document, DocumentVersion
from calls.services import library as services
from calls.views.library import loaded, version_or_404
from contacts.choices import Language
from i2a import clock
from i2a.constraints import saved
from i2a.permissions import may, requires


@require_http_methods(["GET", "POST"])
@requires("calls.propose_document")
def document_new(request: HttpRequest) -> HttpResponse:
    document = Document(language=Language.EN)
    form = DocumentForm(request.POST or None, instance=document)
    version_form = VersionForm(request.POST or None, request.FILES or None)
    releases = may(request.user, "calls.manage_library")
    if request.method == "POST" and all([form.is_valid(), version_form.is_valid()]):
        added = {"says": version_form.says(), "by": request.user, "is_released": releases, "now": clock.now()}
        if saved(form, lambda: services.add_document(document=form.instance, **added)):
            messages.success(request, added_words(releases))
            return redirect(form.instance)
    context = {"form": form, "version_form": version_form, "releases": releases}
    return render(request, "library/new.html", context)


@require_http_methods(["GET", "POST"])
@requires("calls.manage_library")
def document_edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    document = loaded(request, uid)
    form = DocumentForm(request.POST or None, instance=document)
    context: dict[str, Any] = {"form": form, "document": document}
    if request.method == "POST" and form.is_valid():
        change = {"document": form.instance, "seen_version": form.seen_version}
        try:
            kept = saved(form, lambda: services.change_document(**change))
        except services.StaleDocument as stale:
            return show_both(request, form, stale.current)
        if kept:
            messages.success(request, _("Document saved."))
            return redirect(document)
    return render(request, "library/edit.html", context)


def show_both(request: HttpRequest, form: DocumentForm, current: Document) -> HttpResponse:
    return show_conflict(
        request,
        "library/conflict.html",
        current=current,
        conflicts=form.differences(current),
        form=DocumentForm(on_top(request, current), instance=form.instance),
        back_url=current.get_absolute_url(),
    )


@require_http_methods(["GET", "POST"])
@requires("calls.propose_document")
def version_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    document = loaded(request, uid)
    before = document.versions.order_by("-number").first()
    form = VersionForm(request.POST or None, request.FILES or None, before=before)
    releases = may(request.user, "calls.manage_library")
    status = 200
    if request.method == "POST" and form.is_valid():
        seen = str(request.POST.get("seen", ""))
        try:
            services.add_version(
                document=document,
                seen_version=int(seen) if seen.isdigit() and len(seen) < 10 else 0,
                says=form.says(),
                by=request.user,
                is_released=releases,
                now=clock.now(),
            )
        except services.StaleDocument:
            document.refresh_from_db()
            form.add_error(None, _("Somebody else changed this document meanwhile. Look at it, then save again."))
            status = 409
        else:
            messages.success(request, added_words(releases))
            return redirect(document)
    context = {"form": form, "document": document, "before": before, "releases": releases}
    return render(request, "library/version.html", context, status=status)


def added_words(releases: bool) -> str:
    if releases:
        return _("Saved. From now on this version is sent.")
    return _("Proposed. It is sent as soon as a manager has released it.")


@require_POST
@requires("calls.manage_library")
def version_release(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """Release a proposal, or turn it down."""
    document = loaded(request, uid)
    version = version_or_404(document, number)
    answer = request.POST.get("answer")
    if answer not in {"release", "turn_down"}:
        raise SuspiciousOperation("A proposal is released or turned down, nothing else.")
    try:
        if answer == "release":
            services.release_version(version=version, by=request.user, now=clock.now())
        else:
            services.turn_down_version(version=version)
    except services.NotAProposal:
        messages.info(request, _("Somebody else was faster. Nothing was changed."))
        return redirect(document)
    said = _("Released. From now on this version is sent.") if answer == "release" else _("Turned down.")
    messages.success(request, said)
    return redirect(document) if Document.objects.filter(pk=document.pk).exists() else redirect("library:list")


@require_POST
@requires("calls.manage_library")
def version_review(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """Read again and still right: it may be sent until the next review."""
    document = loaded(request, uid)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect(document)
    services.review_version(version=version_or_404(document, number), review_on=form.cleaned_data["review_on"])
    messages.success(request, _("Reviewed. It may be sent again."))
    return redirect(document)


@require_POST
@requires("calls.manage_library")
def document_offer(request: HttpRequest, uid: UUID) -> HttpResponse:
    document = loaded(request, uid)
    to = request.POST.get("to")
    if to not in {"withdraw", "offer"}:
        raise SuspiciousOperation("A document is withdrawn or offered, nothing else.")
    services.offer_document(document=document, is_active=to == "offer")
    messages.success(request, _("Offered again.") if to == "offer" else _("Withdrawn. Nobody can send it any more."))
    return redirect(document)


@require_http_methods(["GET", "POST"])
@requires("calls.manage_library")
def version_wrong(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """Say what is wrong with a version; then a corrected one is written, and sent to those who have this one."""
    document = loaded(request, uid)
    version: DocumentVersion = version_or_404(document, number)
    form = WrongForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.mark_wrong(version=version, because=form.cleaned_data["because"], by=request.user, now=clock.now())
        except services.AlreadyWrong:
            messages.info(request, _("Somebody else was faster. Nothing was changed."))
        else:
            messages.success(request, _("Marked. Now write the corrected version."))
        return redirect(document)
    sent = library.versions_of(document).get(pk=version.pk).sent_count
    return render(request, "library/wrong.html", {"form": form, "document": document, "version": version, "sent": sent})
