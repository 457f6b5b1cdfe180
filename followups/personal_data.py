"""What this app knows of people (R-CON-05); `i2a.personal_data` explains."""

from django.utils.translation import gettext_lazy as _

from i2a.personal_data import Kept, NotPersonal, Personal, declare

declare(
    "followups.FollowUp",
    _("Follow-up"),
    Personal("asked outcome cancel_reason pause_reason", _("To give the answer that was promised."), kept=Kept.CONTACT),
    Personal("number", _("To call back who reached nobody; for nothing else."), kept=Kept.FOLLOW_UP),
    not_personal={
        NotPersonal.STATE: "kind status method purpose channel attempts_made was_as_promised",
        NotPersonal.TIME: "received_at due_at original_due_at due_steps planned_on paused_at alerted_at escalated_at "
        "completed_at cancelled_at created_at",
        NotPersonal.WORKING: "version",
    },
)
declare(
    "followups.ServiceHours",
    _("Service hours"),
    not_personal={NotPersonal.OUR_WORDS: "valid_from weekday opens closes"},
)
declare(
    "followups.ClosedDay",
    _("Closed day"),
    not_personal={NotPersonal.OUR_WORDS: "day name name_fr kind is_closed opens closes"},
)
declare(
    "followups.PausePeriod",
    _("Pause of a follow-up"),
    Personal("reason", _("To say why an answer waited."), kept=Kept.CONTACT),
    not_personal={NotPersonal.TIME: "started_at ended_at"},
)
declare(
    "followups.Attempt",
    _("Attempt to reach a client"),
    not_personal={NotPersonal.STATE: "number result", NotPersonal.TIME: "at"},
)
declare("followups.Verification", _("Mail that came back, and who is phoned"), not_personal={})
