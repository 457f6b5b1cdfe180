"""What people type on the public form of an event, until it is matched to a contact or erased."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audit.registry import auditlog
from contacts.choices import Language
from contacts.models import TextVersion
from outreach.models.registrations import Registration


class FormEntryQuerySet(models.QuerySet["FormEntry"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(registration__in=Registration.objects.visible_to(user))


class FormEntry(models.Model):
    """Nobody has checked that the address and the number are theirs: nothing is sent to them, and no contact has them.

    `notice_version`: the collection notice that stood on the form. `form_uuid`: the same form sent twice is one entry.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ref = models.CharField(_("reference"), max_length=20, unique=True)
    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="entry")
    name = models.CharField(_("full name"), max_length=200)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    phone_typed = models.CharField(_("phone as typed"), max_length=40, blank=True)
    language = models.CharField(_("preferred language"), max_length=2, choices=Language)
    notice_version = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="+")
    form_uuid = models.UUIDField(unique=True, editable=False)

    objects = FormEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="form_entry_reachable", condition=~Q(name="") & (~Q(email="") | ~Q(phone=""))),
            models.CheckConstraint(name="form_entry_language_known", condition=Q(language__in=Language.values)),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("outreach:entry", args=[self.uid])


auditlog.register(
    FormEntry,
    include_fields=["ref", "registration", "name", "email", "phone", "phone_typed", "language", "notice_version"],
    mask_fields=["name", "email", "phone", "phone_typed"],
)
