"""Addresses that somebody withdrew (R-CNS-06): they bind every contact that has them, now or after an import."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.choices import Purpose
from contacts.models.contact import Contact

EVERY_PURPOSE = ""


class Suppression(models.Model):
    """From `at` on, no promotional mail for `purpose` ("": for any) to the address of `fingerprint`.

    It yields only to an agreement that a contact gives later. Append-only; the fingerprint is all that is known of the
    address. `contact` is who withdrew it; nobody when it came back from the journal and that record is gone.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fingerprint = models.CharField(max_length=64)
    purpose = models.CharField(_("purpose"), max_length=20, blank=True)
    at = models.DateTimeField()
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["fingerprint", "purpose", "at"], name="suppression_of_address")]
        constraints = [
            models.CheckConstraint(
                name="suppression_purpose_known", condition=Q(purpose__in=[EVERY_PURPOSE, *Purpose.values])
            ),
            models.CheckConstraint(name="suppression_of_an_address", condition=~Q(fingerprint="")),
        ]

    def __str__(self) -> str:
        return f"Suppression (#{self.pk})"


# A withdrawal suppresses its address, whoever writes it. What a merge or a correction derives from an earlier answer
# (it says so in `correction_reason`) is nobody's new word.
SUPPRESS = """
CREATE FUNCTION suppress_withdrawn_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO contacts_suppression (uid, fingerprint, purpose, at, contact_id)
    VALUES (NEW.uid, NEW.email_fingerprint, NEW.purpose, NEW.at, NEW.contact_id)
    ON CONFLICT (uid) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER contacts_consentevent_suppress AFTER INSERT ON contacts_consentevent
    FOR EACH ROW WHEN (
        NEW.status = 'withdrawn' AND NEW.channel = 'email' AND NEW.email_fingerprint <> ''
        AND NEW.correction_reason = ''
    ) EXECUTE FUNCTION suppress_withdrawn_address();
"""
DROP_SUPPRESS = """
DROP TRIGGER contacts_consentevent_suppress ON contacts_consentevent;
DROP FUNCTION suppress_withdrawn_address();
"""
