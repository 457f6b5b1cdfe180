"""What this app knows of people (R-CON-05); `i2a.personal_data` explains."""

from django.utils.translation import gettext_lazy as _

from i2a.personal_data import Kept, NotPersonal, Personal, declare

declare(
    "followups.FollowUp",
    _("Follow-up"),
    Personal("asked outcome cancel_reason", _("To give the answer that was promised."), kept=Kept.CONTACT),
    not_personal={
        NotPersonal.STATE: "kind status method",
        NotPersonal.TIME: "received_at due_at original_due_at due_steps completed_at cancelled_at created_at",
        NotPersonal.WORKING: "version",
    },
)
declare("followups.ServiceHours", _("Service hours"), not_personal={NotPersonal.OUR_WORDS: "weekday opens closes"})
declare("followups.ClosedDay", _("Closed day"), not_personal={NotPersonal.OUR_WORDS: "day name name_fr kind is_closed"})
