"""The library of information that callers may ask for, and the ledger of who got what (R-INF-01, R-INF-03, N30)."""

import uuid
from datetime import date
from typing import Any, Self

from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from access.models import User
from audit.registry import auditlog
from calls.models.lists import Topic
from contacts.choices import Language
from contacts.models import Contact
from i2a import clock
from outbox.models import Message

LARGEST_PDF = 10 * 1024 * 1024  # R-INF-03


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: Any) -> Self:
        """The library is nobody's secret; what colleagues of other roles have no use for is not shown to them."""
        return self if user.has_perm("calls.view_document") else self.none()


class Document(models.Model):
    """A piece of information in one language. What it says is in its versions.

    `translation_of`: of a French document, the English one that says the same.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=160)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="documents", verbose_name=_("topic"))
    source = models.CharField(_("source"), max_length=120)
    is_active = models.BooleanField(_("active"), default=True)
    translation_of = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="translation",
        verbose_name=_("the same in English"),
        error_messages={"unique": _("Another French document says that it is this one's translation.")},
    )
    version = models.PositiveIntegerField(default=1)  # of this record, against two people changing it at once

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["title", "language"],
                name="document_title_once_per_language",
                violation_error_message=_("The library has a document with this title in this language."),
            ),
            models.CheckConstraint(name="document_language_known", condition=Q(language__in=["en", "fr"])),
            models.CheckConstraint(
                name="document_translation_is_french",
                condition=Q(translation_of__isnull=True) | Q(language="fr"),
                violation_error_message=_("Only a French document is the translation of an English one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (#{self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("library:document", args=[self.uid])


class DocumentVersionQuerySet(models.QuerySet["DocumentVersion"]):
    def released(self) -> Self:
        return self.filter(released_at__isnull=False)

    def newest(self) -> Self:
        """The newest released version of each document."""
        return self.released().order_by("document_id", "-number").distinct("document_id")

    def current(self) -> Self:
        """The newest released version of each active document."""
        return self.newest().filter(document__is_active=True)


class DocumentVersion(models.Model):
    """What a document says. It never changes: sent mails keep the version they carried, a correction is a new version.

    A team lead's version is a proposal until a manager releases it. `wrong_…`: what was found to be wrong in it.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    body = models.TextField(_("text"))
    url = models.URLField(_("web page"), blank=True, validators=[URLValidator(schemes=["https"])])
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_size = models.PositiveIntegerField(_("size"), null=True)
    review_on = models.DateField(_("review by"))
    created_at = models.DateTimeField(default=clock.now, null=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(_("released"), default=clock.now, null=True)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    wrong_at = models.DateTimeField(_("found wrong"), null=True)
    wrong_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    wrong_because = models.CharField(_("what is wrong"), max_length=500, blank=True)

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_number_once"),
            models.CheckConstraint(
                name="document_version_link_is_https",
                condition=Q(url="") | Q(url__startswith="https://"),
                violation_error_message=_("A link begins with https://."),
            ),
            models.CheckConstraint(
                name="document_version_file_has_size",
                condition=Q(file_sha256="", file_size__isnull=True)
                | (~Q(file_sha256="") & Q(file_size__isnull=False, file_size__gt=0, file_size__lte=LARGEST_PDF)),
                violation_error_message=_("A PDF may have at most 10 MB."),
            ),
            models.CheckConstraint(
                name="document_version_wrong_says_why",
                condition=Q(wrong_at__isnull=True, wrong_because="")
                | (Q(wrong_at__isnull=False) & ~Q(wrong_because="")),
                violation_error_message=_("Say what is wrong."),
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number} of document {self.document_id} (#{self.pk})"

    @property
    def file_name(self) -> str:
        """As the receiver saves it: letters of ASCII only, which every mail program can show."""
        return f"{slugify(self.document.title) or 'document'}.pdf" if self.file_sha256 else ""

    def is_due_for_review(self, today: date) -> bool:
        """On the review date itself it may still be sent."""
        return self.review_on < today


class SentDocumentQuerySet(models.QuerySet["SentDocument"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(message__contact__in=Contact.objects.visible_to(user))

    def promised(self) -> Self:
        """Those that left, or may still leave: what was withheld, refused, taken back or came back reached nobody."""
        none = [Message.State.CANCELLED, Message.State.WITHHELD, Message.State.FAILED, Message.State.BOUNCED]
        return self.exclude(message__state__in=none)


class SentDocument(models.Model):
    """The ledger: this version went out with this mail. `at` is when it was asked for. Append-only."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="documents")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="sent")
    at = models.DateTimeField()

    objects = SentDocumentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["version", "-at", "-id"], name="sent_document_of_version")]
        constraints = [models.UniqueConstraint(fields=["message", "version"], name="sent_document_once")]

    def __str__(self) -> str:
        return f"Version {self.version_id} with message {self.message_id} (#{self.pk})"


class Correction(models.Model):
    """Those who got the wrong version were sent the right one (N30). A second one reaches those the first did not.

    `for_others_because`: why those were written to with whom no follow-up action was to be taken.
    """

    wrong = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="corrections")
    right = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(_("what was wrong"), max_length=500)
    for_others_because = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="correction_is_of_another_version", condition=~Q(wrong=F("right"))),
            models.CheckConstraint(name="correction_says_what", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"Correction of version {self.wrong_id} (#{self.pk})"

    @property
    def purpose_key(self) -> str:
        return f"correction:{self.pk}"


auditlog.register(Document, include_fields=["title", "language", "topic", "source", "is_active", "translation_of"])
auditlog.register(
    DocumentVersion,
    include_fields=[
        "document", "number", "body", "url", "file_sha256", "file_size", "review_on", "released_at", "wrong_at",
        "wrong_because",
    ],
)  # fmt: skip
auditlog.register(SentDocument, include_fields=["message", "version"])
auditlog.register(Correction, include_fields=["wrong", "right", "words", "for_others_because"])
