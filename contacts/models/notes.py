"""Facts needed to serve the client, in the specialist's words (R-NOT-01)."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from access.models import Team, User
from audit.registry import auditlog
from contacts.models.contact import Contact

models.TextField.register_lookup(Length, "length")
MAX_NOTE = 4_000


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, user: Any) -> Self:
        """Notes on contacts one may see; notes without a contact stay with their team."""
        anonymous = Q(contact__isnull=True)
        if not user.has_perm("contacts.view_all_teams"):
            anonymous &= Q(team_id=user.team_id)
        visible = Contact.objects.visible_to(user).filter(pk=OuterRef("contact_id"))
        return self.filter(anonymous | Exists(visible))


class Note(models.Model):
    """A note on a contact, or on a call nobody is known of. Its text lives in the revisions."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="notes")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    form_uuid = models.UUIDField(null=True, unique=True, editable=False)  # the same form sent twice makes one note

    objects = NoteQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Note (#{self.pk})"


class NoteRevision(models.Model):
    """What a note said, by whom, from when. Amended by a new revision, never overwritten.

    `override_reason` says why a number that should not stand in a note is necessary (N7).
    """

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    body = models.TextField()
    override_reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "number"], name="note_revision_number_once"),
            models.CheckConstraint(
                name="note_revision_not_too_long",
                condition=Q(body__length__lte=MAX_NOTE),
                violation_error_message=_("A note may have at most 4,000 characters."),
            ),
        ]

    def __str__(self) -> str:
        return f"Revision {self.number} (#{self.pk})"


auditlog.register(Note, include_fields=["contact", "team", "created_by"])
auditlog.register(NoteRevision, include_fields=["note", "number", "author"])  # never the text (R-NOT-01)
