"""What this app knows of people (R-CON-05); `i2a.personal_data` explains."""

from django.utils.translation import gettext_lazy as _

from i2a.personal_data import Kept, NotPersonal, Personal, declare

declare(
    "outreach.Event",
    _("Event"),
    not_personal={
        NotPersonal.OUR_WORDS: (
            "kind title about languages place countries region zone seats link contact_point public_form "
            "cancelled_because"
        ),
        NotPersonal.TIME: "starts_at ends_at cancelled_at created_at",
        NotPersonal.WORKING: "link_token version",
    },
)
declare(
    "outreach.Registration",
    _("Registration for an event"),
    Personal("state attendance", _("To keep a seat for them, and to know who came."), kept=Kept.CONTACT),
    not_personal={NotPersonal.TIME: "registered_at moved_up_at cancelled_at attendance_at"},
)
