"""What this app knows of people (R-CON-05); `i2a.personal_data` explains."""

from django.utils.translation import gettext_lazy as _

from i2a.personal_data import NotPersonal, declare

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
