"""What the pages of the library show: the documents that fit, what is due, and how often each was sent."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from calls.models import Document, DocumentVersion, SentDocument

USAGE = timedelta(days=90)  # "sent lately"
SOON = timedelta(days=14)
SHOWN = {
    "offered": _("Offered"),
    "due": _("Due for review"),
    "wrong": _("Found wrong"),
    "proposed": _("Proposed"),
    "withdrawn": _("Withdrawn"),
    "all": _("All"),
}


@dataclass(frozen=True)
class Alerts:
    """How many offered documents cannot be sent because of their review date, or soon; and what waits for release."""

    due: int
    soon: int
    wrong: int
    proposed: int


def documents_for(user: Any, now: datetime) -> QuerySet[Document]:
    """With what each page says of a document, in one query. `newest_…` is of the newest released version."""
    newest = DocumentVersion.objects.filter(document=OuterRef("pk"), released_at__isnull=False).order_by("-number")
    proposed = DocumentVersion.objects.filter(document=OuterRef("pk"), released_at__isnull=True)
    sent = SentDocument.objects.filter(version__document=OuterRef("pk"), at__gt=now - USAGE).order_by()
    return (
        Document.objects.visible_to(user)
        .select_related("topic", "translation_of", "translation")
        .annotate(
            newest_number=Subquery(newest.values("number")[:1]),
            newest_pk=Subquery(newest.values("pk")[:1]),
            review_on=Subquery(newest.values("review_on")[:1]),
            wrong_at=Subquery(newest.values("wrong_at")[:1]),
            has_file=Subquery(newest.values("file_size")[:1]),
            url=Subquery(newest.values("url")[:1]),
            is_proposed=Exists(proposed),
            sent_lately=Coalesce(Subquery(sent.values("version__document").annotate(n=Count("pk")).values("n")), 0),
        )
    )


def that_are(documents: QuerySet[Document], show: str, today: date) -> QuerySet[Document]:
    offered = Q(is_active=True, newest_number__isnull=False)
    conditions = {
        "offered": offered,
        "due": offered & Q(review_on__lt=today),
        "wrong": Q(is_active=True, wrong_at__isnull=False),
        "proposed": Q(is_proposed=True),
        "withdrawn": Q(is_active=False),
        "all": Q(),
    }
    return documents.filter(conditions[show])


def alerts(today: date) -> Alerts:
    """One query, over the newest versions only."""
    newest = DocumentVersion.objects.filter(pk__in=DocumentVersion.objects.newest().values("pk"))
    counted = newest.filter(document__is_active=True).aggregate(
        due=Count("pk", filter=Q(review_on__lt=today)),
        soon=Count("pk", filter=Q(review_on__gte=today, review_on__lte=today + SOON)),
        wrong=Count("pk", filter=Q(wrong_at__isnull=False)),
    )
    return Alerts(proposed=DocumentVersion.objects.filter(released_at__isnull=True).count(), **counted)


def sendable() -> QuerySet[DocumentVersion]:
    """The newest version of every document that is offered, also those that are due: their line says why not."""
    current = DocumentVersion.objects.current().values("pk")
    return DocumentVersion.objects.filter(pk__in=current).select_related(
        "document__topic", "document__translation", "document__translation_of"
    )


def versions_of(document: Document) -> QuerySet[DocumentVersion]:
    """Newest first, each with how many mails carried it."""
    sent = SentDocument.objects.filter(version=OuterRef("pk")).order_by()
    return (
        document.versions.select_related("document", "created_by", "released_by", "wrong_by")
        .annotate(sent_count=Coalesce(Subquery(sent.values("version").annotate(n=Count("pk")).values("n")), 0))
        .order_by("-number")
    )


def ledger_of(document: Document, user: Any) -> QuerySet[SentDocument]:
    """Who got it, of those whom this user may see."""
    sent = SentDocument.objects.filter(version__document=document).visible_to(user)
    return sent.select_related("version", "message__contact").annotate(state=F("message__state"))
