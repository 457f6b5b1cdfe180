"""Boxes for phone numbers, and the tick that saves a doubtful one all the same (R-CON-09)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy


class NumberField(forms.CharField):
    """A phone number as typed. What it means depends on the country picker, so the form reads it."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"dir": "ltr", "autocomplete": "off", "inputmode": "tel"}
        super().__init__(widget=forms.TextInput(attrs=attributes), required=False, **kwargs)
        self.validators = []  # `phones.read_number` says what is wrong, also about NUL


class NumberTick(forms.CheckboxInput):
    """ "Save anyway" for one number; its value is that number, so that it confirms no other one."""

    number = ""

    def __init__(self) -> None:
        super().__init__(check_test=lambda value: bool(self.number) and value == self.number)

    def format_value(self, value: Any) -> str:
        return self.number

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:  # type: ignore[override]
        return str(data.get(name) or "")


class NumberTickField(forms.CharField):
    widget = NumberTick

    def __init__(self) -> None:
        super().__init__(required=False, label=gettext_lazy("Save the number anyway"))
        self.validators = []
