"""Why a record was opened, said by who had no work item with it (N11)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models import User
from audit.registry import auditlog
from contacts.models.contact import Contact


class StatedPurpose(models.TextChoices):
    REVIEW = "review", _("Privacy or quality review")
    CLIENT = "client", _("The client asks what we hold, or to correct it")
    COMPLAINT = "complaint", _("Complaint or incident")
    STAFF = "staff", _("A colleague needs help with it")
    OTHER = "other", _("Something else")


class OpeningReason(models.Model):
    """Counts for this person and this record for the day on which it was said. Never changed."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="opening_reasons")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    purpose = models.CharField(_("why you open it"), max_length=10, choices=StatedPurpose)
    words = models.CharField(_("in a few words"), max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["contact", "by", "-at"], name="opening_reason_of_person")]
        constraints = [
            models.CheckConstraint(
                name="opening_reason_known",
                condition=Q(purpose__in=["review", "client", "complaint", "staff", "other"]),
            ),
            models.CheckConstraint(
                name="opening_reason_other_says_what",
                condition=~Q(purpose="other") | ~Q(words=""),
                violation_error_message=_("Say in a few words why you open the record."),
            ),
        ]

    def __str__(self) -> str:
        return f"Opening reason (#{self.pk})"


auditlog.register(OpeningReason, include_fields=["contact", "by", "at", "purpose", "words"], mask_fields=["words"])
