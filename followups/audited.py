"""How the audit says which list of follow-ups was opened (R-AUD-02)."""

from django.utils.translation import gettext_lazy as _

from audit.reports.details import register_codes
from followups.queue import View


def register_details() -> None:
    report, moves = _("Whether promises were kept"), _("What a change of the calendar moves")
    register_codes("view", {**dict(View.choices), "report": report, "moves": moves})
