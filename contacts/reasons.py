"""Why each thing is asked, in words: beside the field of a form, and in the data dictionary (R-CON-05)."""

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Promise] = {
    "name": _("To address them, and to find them when they call again. Optional."),
    "name_latin": _("To read the name aloud when it is in another script. Optional."),
    "organisation": _("Only if they ask for one. Optional."),
    "organisation_type": _("For statistics about who asks us. Optional."),
    "organisation_other": _("The kind of organisation, when the list does not have it."),
    "category": _("To give the answer that fits, and for statistics."),
    "third_party_kind": _("Lawyers and consultants ask for others."),
    "category_other": _("The category, when the list does not have it."),
    "language": _("E-mails go out in it where we have it. Optional."),
    "email": _("To send what they ask for."),
    "phone": _("To call back, and when an e-mail fails."),
    "mobile": _("Only if it is the better number. Optional."),
    "fax": _("Only if they want something faxed. Optional."),
    "citizenship": _("To learn where people interested in Alberta come from. They need not answer."),
    "origin_country": _("For the same statistics. They need not answer."),
}


def explain(form: forms.Form) -> None:
    """Put the reason beside each field of the form that has one."""
    for name, reason in REASONS.items():
        if name in form.fields:
            form.fields[name].help_text = reason  # type: ignore[assignment]
