"""How the audit says what was seen of a survey: figures, never who answered what (R-AUD-02)."""

from django.utils.translation import gettext_lazy as _

from audit.reports.details import register

FORMS = {"page": _("page"), "print": _("print view"), "csv": _("CSV"), "xlsx": _("Excel")}
NARROWED = {"channel": _("Direction"), "topic": _("Topic")}


def register_details() -> None:
    register("as", _("Shown as"), FORMS)
    register("narrowed_by", _("Narrowed by"), NARROWED)
    register("waiting", _("Comments waiting"))
