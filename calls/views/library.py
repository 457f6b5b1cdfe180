"""The library: find a document, read it, see who got it (R-INF-01, R-INF-03, N30)."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from audit.models import AccessEvent
from audit.services import record_access
from calls import library
from calls.forms.library import LibraryFilterForm, ReviewForm
from calls.library_history import history_of
from calls.models import Document, DocumentVersion
from calls.services.information import preview_of
from contacts.models import Contact
from i2a import clock, files
from i2a.keyset import Key, Order, instant_of, number_of, page_of, parts_of, token_of
from i2a.permissions import get_permitted, may, requires
from outbox.framed import framed
from outbox.progress import TONES
from outbox.rendering import wordings_in_force, write

ROWS_PER_PAGE = 50
NEWEST_FIRST = Order("at", descending=True)


@require_GET
@vary_on_headers("HX-Request")
@requires("calls.view_document")
def document_list(request: HttpRequest) -> HttpResponse:
    form, today = LibraryFilterForm(request.GET), clock.today()
    form.is_valid()
    found = library.documents_for(request.user, clock.now())
    show = form.cleaned_data.get("show", "offered")
    documents = list(library.that_are(form.narrow(found), show, today).order_by("title", "pk"))
    record_access(kind=AccessEvent.Kind.LISTED, object_type="calls.document", detail={"count": len(documents)})
    keeps = may(request.user, "calls.propose_document")
    return render(
        request,
        "library/_table.html" if request.htmx else "library/list.html",  # type: ignore[attr-defined]
        {
            "documents": documents,
            "form": form,
            "show": show,
            "shows": [(address_with(request, show=name), label, name == show) for name, label in library.SHOWN.items()],
            "today": today,
            "is_filtered": any(form.cleaned_data.get(name) for name in ["q", "topic", "language"]),
            "alerts": library.alerts(today) if keeps else None,
            "can_propose": keeps,
            "can_manage": may(request.user, "calls.manage_library"),
        },
    )


@require_GET
@requires("calls.view_document")
def document_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    document = loaded(request, uid)
    versions = list(library.versions_of(document))
    record_access(kind=AccessEvent.Kind.VIEWED, object_type="calls.document", object_uid=document.uid)
    released = [version for version in versions if version.released_at]
    newest = released[0] if released else None
    return render(
        request,
        "library/document.html",
        {
            "document": document,
            "history": history_of(document, versions),
            "newest": newest,
            "proposals": [version for version in versions if not version.released_at],
            "earlier": released[1:],
            "wrong_versions": [version for version in released if version.wrong_at],
            "today": clock.today(),
            "review_form": ReviewForm(),
            "can_propose": may(request.user, "calls.propose_document"),
            "can_manage": may(request.user, "calls.manage_library"),
            "sees_receivers": may(request.user, "contacts.view_contact"),
        },
    )


@require_GET
@requires("contacts.view_contact")
def receivers(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Who got which version when; of others than one may see, only how many there are."""
    document = loaded(request, uid)
    rows = library.ledger_of(document, request.user)
    page = page_of(rows, NEWEST_FIRST, ROWS_PER_PAGE, after=key_from(request.GET.get("older", "")))
    detail = {"count": len(page.rows)}
    record_access(
        kind=AccessEvent.Kind.LISTED, object_type="calls.sentdocument", object_uid=document.uid, detail=detail
    )
    last = page.rows[-1] if page.has_next else None
    return render(
        request,
        "library/receivers.html",
        {
            "document": document,
            "rows": [(row, TONES.get(row.message.state, "")) for row in page.rows],
            "older_url": f"?older={token_of(last.at.isoformat(), last.pk)}" if last else "",
            "is_first": not request.GET.get("older"),
        },
    )


@require_GET
@requires("calls.view_document")
def version_file(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """The PDF, to be saved: it is never shown inside a page of ours."""
    version = version_or_404(loaded(request, uid), number)
    if not version.file_sha256:
        raise Http404
    try:
        data = files.read(version.file_sha256)
    except files.Missing as error:
        raise Http404 from error
    headers = {
        "Content-Disposition": f'attachment; filename="{version.file_name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(data, content_type="application/pdf", headers=headers)


@require_GET
@requires("calls.view_document")
def version_mail(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """The version as somebody would get it, for the frame on its page."""
    document = loaded(request, uid)
    message = preview_of(Contact(), [version_or_404(document, number)], language=document.language)
    return framed(request, write(message, wordings_in_force(clock.now())).html)


def address_with(request: HttpRequest, *, show: str) -> str:
    """The same filters, another view."""
    query = request.GET.copy()
    query["show"] = show
    return f"?{query.urlencode()}"


def loaded(request: HttpRequest, uid: UUID) -> Document:
    found = Document.objects.select_related("topic", "translation_of", "translation")
    document: Document = get_permitted(found, request.user, "calls.view_document", uid=uid)
    return document


def version_or_404(document: Document, number: int) -> DocumentVersion:
    version: DocumentVersion = get_object_or_404(document.versions.select_related("document"), number=number)
    return version


def key_from(token: str) -> Key | None:
    at, pk = (*parts_of(token), "", "")[:2]
    instant, number = instant_of(at), number_of(pk)
    return None if instant is None or number is None else Key(instant, number)
