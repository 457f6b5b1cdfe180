"""How the audit says which list of calls or of mailed documents was opened (R-AUD-02)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.reports.details import register
from audit.reports.naming import register_other

FILTERS = {
    "first_day": _("From"),
    "last_day": pgettext_lazy("time", "To"),
    "category": _("Category"),
    "topic": _("Topic"),
    "outside_hours": _("Outside hours only"),
    "voided": _("Voided calls"),
}


def register_details() -> None:
    register_other("contacts.Note", "call__ref")
    register("mine", _("Own calls only"))
    register("filters", _("Filters"), FILTERS)
    register("version", _("Version"))
