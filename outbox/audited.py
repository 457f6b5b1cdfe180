"""What the audit says of mails: never to whom, and never what a mail said (R-AUD-02)."""

from django.utils.translation import gettext_lazy as _

from audit.models import AccessEvent
from audit.reports.details import FOR_PROGRAMS, register
from outbox.models import Message, Reason

Kind = AccessEvent.Kind
MAILS = [Kind.EMAIL_SENT, Kind.EMAIL_WITHHELD, Kind.EMAIL_BOUNCED]


def register_details() -> None:
    register("kind", _("Kind of e-mail"), dict(Message.Kind.choices), kinds=MAILS)
    register("for", _("For"), kinds=MAILS)
    register("content", _("Fingerprint of the words"), kinds=MAILS)
    register("template", _("Version of the template"), kinds=MAILS)
    register("address", FOR_PROGRAMS, kinds=MAILS)
    register("reason", _("Why not"), Reason.say, kinds=MAILS)
    register("status", _("The mail server said"), kinds=MAILS)
