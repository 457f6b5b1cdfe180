"""Who was asked to answer. Nothing here knows who did (INV-19)."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from calls.models import Call
from contacts.choices import Channel
from contacts.models import ConsentEvent, Contact
from outbox.models import Message
from surveys.models.surveys import Survey


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(contact__in=Contact.objects.visible_to(user))

    def unchanged(self) -> Self:
        """Whose agreement is still the one they were put on the list for, and by the address it was given for."""
        return self.filter(
            by_phone=False,
            contact__consent_states__channel=Channel.EMAIL,
            contact__consent_states__event=F("consent_event"),
            contact__email_fingerprint=F("email_fingerprint"),
        )


class Invitation(models.Model):
    """One person on the list of a survey, as it was when approval was asked for; or asked by phone.

    `call` is the one they are asked about. `invited_on`: the day its mail was promised; None until then. By phone only
    the first day of the month is kept: a day would point at the answers of that day. `reason`: why they get nothing
    although they are on the list, found when the survey was released.
    """

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="invitations", db_index=False)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="survey_invitations")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    consent_event = models.ForeignKey(ConsentEvent, on_delete=models.PROTECT, related_name="+", db_index=False)
    email_fingerprint = models.CharField(max_length=64, blank=True)
    by_phone = models.BooleanField(_("asked by phone"), default=False)
    invited_on = models.DateField(_("invited"), null=True)
    message = models.OneToOneField(Message, on_delete=models.PROTECT, null=True, related_name="+")
    reminder = models.OneToOneField(Message, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=120, blank=True, default="", db_default="")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "contact"], name="invitation_once"),
            models.UniqueConstraint(
                fields=["survey", "email_fingerprint"],
                name="invitation_once_per_address",
                condition=~Q(email_fingerprint=""),
            ),
            models.CheckConstraint(
                name="invitation_by_phone_without_day",
                condition=Q(by_phone=False)
                | Q(invited_on__day=1, message__isnull=True, reminder__isnull=True, call__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation (#{self.pk})"
