"""What this app knows of people (R-CON-05); `i2a.personal_data` explains."""

from django.utils.translation import gettext_lazy as _

from i2a.personal_data import NotPersonal, declare

declare("outreach.Event", _("Event"), not_personal={NotPersonal.OUR_WORDS: "kind title place countries starts_at zone"})
