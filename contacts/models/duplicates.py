"""Why a second record of somebody alike was created on purpose (R-CON-07)."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from access.models import User
from audit.registry import auditlog
from contacts.models.contact import Contact


class DuplicateDecisionQuerySet(models.QuerySet["DuplicateDecision"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(Exists(Contact.objects.visible_to(user).filter(pk=OuterRef("contact_id"))))

    def about(self, one: Contact, other: Contact) -> Self:
        """Decisions that these two are not the same."""
        return self.filter(Q(contact=one, others=other) | Q(contact=other, others=one)).distinct()


class DuplicateDecision(models.Model):
    """ "Create anyway": `contact` is not one of `others`, because of `reason`."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="duplicate_decisions")
    others = models.ManyToManyField(Contact, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DuplicateDecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="duplicate_decision_says_why",
                condition=~Q(reason=""),
                violation_error_message=_("Say why a second record is needed."),
            ),
        ]

    def __str__(self) -> str:
        return f"Duplicate decision (#{self.pk})"


auditlog.register(
    DuplicateDecision, include_fields=["contact", "reason", "by"], mask_fields=["reason"], m2m_fields={"others"}
)
