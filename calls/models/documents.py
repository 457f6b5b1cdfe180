"""The library of information that callers may ask for (R-INF-01)."""

import uuid
from datetime import date
from typing import Self

from auditlog.registry import auditlog
from django.db import models
from django.utils.translation import gettext_lazy as _

from calls.models.lists import Topic
from contacts.choices import Language


class Document(models.Model):
    """A piece of information in one language. What it says is in its versions."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=160)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="documents")
    source = models.CharField(_("source"), max_length=120)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["title", "language"], name="document_title_once_per_language")]

    def __str__(self) -> str:
        return f"{self.title} (#{self.pk})"


class DocumentVersionQuerySet(models.QuerySet["DocumentVersion"]):
    def current(self) -> Self:
        """The newest version of each active document."""
        return self.filter(document__is_active=True).order_by("document_id", "-number").distinct("document_id")


class DocumentVersion(models.Model):
    """What a document says. Sent mails keep the version they carried."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    body = models.TextField(_("text"))
    url = models.URLField(_("web page"), blank=True)
    review_on = models.DateField(_("review by"))

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="document_version_number_once")]

    def __str__(self) -> str:
        return f"Version {self.number} of document {self.document_id} (#{self.pk})"

    def is_due_for_review(self, today: date) -> bool:
        """On the review date itself it may still be sent."""
        return self.review_on < today


auditlog.register(Document, include_fields=["title", "language", "topic", "source", "is_active"])
auditlog.register(DocumentVersion, include_fields=["document", "number", "body", "url", "review_on"])
