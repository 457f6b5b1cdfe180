"""What the audit can be asked about people and their consent (R-AUD-02)."""

from django.utils.translation import gettext_lazy as _

from audit.models import AccessEvent
from audit.reports import purposes
from audit.reports.topics import Topic, register
from contacts.models.opening import StatedPurpose


def register_topics() -> None:
    register(
        Topic(
            "consent",
            30,
            _("Consent changes"),
            _("Agreements given, refused and withdrawn, and addresses erased with them."),
            kinds=(AccessEvent.Kind.CONSENT_WITHDRAWN, AccessEvent.Kind.ADDRESS_ERASED),
            models=("contacts.ConsentEvent",),
        )
    )
    for stated in StatedPurpose:
        purposes.register(stated.value, stated.label, is_work=False)
