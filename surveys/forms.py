"""What people type about a survey as a whole; its questions are in `surveys.question_forms`."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from contacts.names import ForbiddenCharacter, TextField, normalised_lines
from contacts.note_field import GuardedForm, NoteField
from i2a.conflicts import Difference
from surveys.models import Survey

State = Survey.State
SHOWN = {
    "going": gettext_lazy("Under way"),
    "approval": gettext_lazy("Wait for approval"),
    "ended": pgettext_lazy("surveys", "Ended"),
}
STATES = {
    "going": [State.DRAFT, State.ASKED, State.APPROVED, State.OPEN, State.PAUSED],
    "approval": [State.ASKED],
    "ended": [State.CLOSED, State.CANCELLED],
}


class SurveyFilterForm(forms.Form):
    """What the list shows. It lives in the address."""

    q = TextField(max_length=80, required=False, label=gettext_lazy("Title or reference"))
    show = forms.ChoiceField(choices=list(SHOWN.items()), required=False, label=gettext_lazy("Show"))

    def clean_show(self) -> str:
        return self.cleaned_data["show"] or "going"

    def narrow(self, surveys: Any) -> Any:
        """Fields with errors filter nothing."""
        surveys = surveys.filter(state__in=STATES[self.cleaned_data.get("show", "going")])
        words = self.cleaned_data.get("q", "")
        if words[:2].upper() == "S-":
            return surveys.filter(ref__istartswith=words)
        for word in words.split():
            surveys = surveys.filter(title__icontains=word)
        return surveys


class LinesField(TextField):
    """Several lines of ours."""

    def __init__(self, *, rows: int, counts: bool = True, **kwargs: Any) -> None:
        self.counts = counts
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attributes = counted(super().widget_attrs(widget))
        if not self.counts:
            del attributes["data-i2a-count"]
        return attributes

    def to_python(self, value: Any) -> str:
        if value in self.empty_values:
            return ""
        try:
            return normalised_lines(str(value))
        except ForbiddenCharacter:
            raise ValidationError(str(self.forbidden), code="forbidden_characters") from None


class LineField(TextField):
    """One line of ours in a box that grows with it: on a phone the end of a long one would be out of sight."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 2, "class": "grows"}), **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return counted(super().widget_attrs(widget))

    def to_python(self, value: Any) -> str:
        """The end of a line, typed or pasted, is a space."""
        return super().to_python(re.sub(r"[\r\n]+", " ", value) if isinstance(value, str) else value)


def counted(attributes: dict[str, Any]) -> dict[str, Any]:
    """No `maxlength`: it would cut off pasted text without a word. A counter says it instead."""
    longest = str(attributes.pop("maxlength"))
    return attributes | {"data-i2a-count": longest}


class WordsForm(GuardedForm, forms.ModelForm):
    """What colleagues call it, and what the people asked read before the first question."""

    title = NoteField(
        max_length=160,
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("For colleagues; who answers never sees it. No client's name."),
        error_messages={"required": gettext_lazy("Give it a title.")},
    )
    name_en = LineField(max_length=120, required=False, label=gettext_lazy("Name in English"))
    name_fr = LineField(max_length=120, required=False, label=gettext_lazy("Name in French"))
    intro_en = LinesField(rows=4, max_length=1000, required=False, label=gettext_lazy("Introduction in English"))
    intro_fr = LinesField(rows=4, max_length=1000, required=False, label=gettext_lazy("Introduction in French"))
    form_uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Survey
        fields = ["title", "name_en", "intro_en", "name_fr", "intro_fr"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", self.instance.version)
        for name in ["name_fr", "intro_fr"]:
            self.fields[name].widget.attrs["lang"] = "fr"

    @property
    def seen_version(self) -> int:
        return int(self.cleaned_data.get("version") or 0)

    def differences(self, current: Survey) -> list[Difference]:
        """What is saved now against what was entered."""
        pairs = zip(said(self.instance), said(current), strict=True)
        return [Difference(label, mine, theirs) for (label, mine), (_label, theirs) in pairs if mine != theirs]


def said(survey: Survey) -> list[tuple[str, str]]:
    return [
        (_("Title"), survey.title),
        (_("Name in English"), survey.name_en),
        (_("Introduction in English"), survey.intro_en),
        (_("Name in French"), survey.name_fr),
        (_("Introduction in French"), survey.intro_fr),
    ]
