"""What this app knows of people (R-CON-05); `i2a.personal_data` explains."""

from django.utils.translation import gettext_lazy as _

from i2a.personal_data import Kept, NotPersonal, Personal, declare

declare(
    "outbox.Message",
    _("E-mail"),
    Personal("to_email", _("To send what was asked for, and to prove where it went."), kept=Kept.CONTACT),
    not_personal={
        NotPersonal.STATE: "kind state reason smtp_code",
        NotPersonal.WORKING: "purpose_key message_id not_before claim_token lease_until attempts template_version "
        "rendered_sha256",
        NotPersonal.TIME: "created_at sent_at",
    },
)
declare(
    "outbox.MessageEvent",
    _("Step of an e-mail"),
    not_personal={NotPersonal.STATE: "state detail", NotPersonal.TIME: "at", NotPersonal.WORKING: "actor_label"},
)
declare(
    "outbox.Content",
    _("Words of an e-mail"),
    not_personal={
        NotPersonal.OUR_WORDS: "language subject text html holds files",
        NotPersonal.WORKING: "sha256",
        NotPersonal.TIME: "created_at",
    },
)
declare(
    "outbox.UnsubscribeToken",
    _("Unsubscribe link"),
    not_personal={NotPersonal.WORKING: "sha256", NotPersonal.TIME: "created_at"},
)
declare(
    "outbox.SendingState",
    _("Switch for mail"),
    not_personal={
        NotPersonal.STATE: "mailing is_stopped",
        NotPersonal.OUR_WORDS: "reason",
        NotPersonal.TIME: "changed_at",
    },
)
declare(
    "outbox.SenderHealth",
    _("Health of the mail sender"),
    not_personal={
        NotPersonal.STATE: "trouble mailbox_trouble",
        NotPersonal.TIME: "ticked_at trouble_since mailbox_since next_slot_at",
        NotPersonal.WORKING: "id",
    },
)
declare(
    "outbox.StaffAlert",
    _("Alert to a colleague"),
    not_personal={
        NotPersonal.OUR_WORDS: "subject text",
        NotPersonal.WORKING: "key attempts",
        NotPersonal.TIME: "created_at not_before sent_at",
    },
)
