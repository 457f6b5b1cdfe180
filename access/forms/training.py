"""Courses recorded, withdrawn, extended."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from access.forms.register import day_field, reason_field
from access.models import Course


class TrainingForm(forms.Form):
    prefix = "course"

    course = forms.ModelChoiceField(
        Course.objects.order_by("-is_mandatory", "name"), label=_("Course"), empty_label=None
    )
    completed_on = day_field(_("Completed on"))
    certificate = forms.CharField(label=_("Certificate number"), max_length=60, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_completed_on(self) -> date:
        day: date = self.cleaned_data["completed_on"]
        if day > self.today:
            raise forms.ValidationError(_("A course is recorded when it is completed."))
        return day


class ExtendForm(forms.Form):
    prefix = "extend"

    until = day_field(_("Until"))
    reason = reason_field(_("Reason"), _("Say why the training is extended."))


class WithdrawForm(forms.Form):
    reason = reason_field(_("Why it is withdrawn"), _("Say why this record is withdrawn."))
