"""What people type about one question. Only the English words and the way of answering must be there in a draft."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.names import TextField
from i2a.conflicts import Difference
from surveys.editing.questions import Pair
from surveys.forms import LineField, LinesField
from surveys.models import Question
from surveys.models.questions import MOST_CHOICES, SCALES

LONGEST_CHOICE = 80
LONGEST_LIST = MOST_CHOICES * (LONGEST_CHOICE + 1)


def end_field(label: Any) -> TextField:
    return TextField(max_length=40, required=False, label=label)


class QuestionForm(forms.ModelForm):
    text_en = LineField(
        max_length=200,
        label=gettext_lazy("Question in English"),
        error_messages={"required": gettext_lazy("Write the question in English.")},
    )
    text_fr = LineField(max_length=200, required=False, label=gettext_lazy("Question in French"))
    kind = forms.ChoiceField(
        choices=Question.Kind.choices,
        widget=forms.RadioSelect,
        label=gettext_lazy("How people answer"),
        error_messages={
            "required": gettext_lazy("Choose how people answer."),
            "invalid_choice": gettext_lazy("Choose from the list."),
        },
    )
    choices_en = LinesField(
        rows=4,
        counts=False,
        max_length=LONGEST_LIST,
        required=False,
        label=gettext_lazy("Answers in English"),
        help_text=gettext_lazy("One answer a line, at least two."),
    )
    choices_fr = LinesField(
        rows=4,
        counts=False,
        max_length=LONGEST_LIST,
        required=False,
        label=gettext_lazy("Answers in French"),
        help_text=gettext_lazy("The same answers in the same order."),
    )
    low_en = end_field(gettext_lazy("What the lowest means, in English"))
    low_fr = end_field(gettext_lazy("What the lowest means, in French"))
    high_en = end_field(gettext_lazy("What the highest means, in English"))
    high_fr = end_field(gettext_lazy("What the highest means, in French"))
    is_required = forms.BooleanField(
        required=False,
        label=gettext_lazy("An answer is required"),
        help_text=gettext_lazy("We advise against it: who cannot answer gives up the rest as well."),
    )
    uid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Question
        fields = ["text_en", "text_fr", "kind", "low_en", "low_fr", "high_en", "high_fr", "is_required"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        question = self.instance
        pairs = pairs_of(question) if question.pk else []
        self.initial = {
            "choices_en": "\n".join(english for english, _french in pairs),
            "choices_fr": "\n".join(french for _english, french in pairs if french),
            "uid": question.uid,
            "version": question.version,
            **self.initial,
        }
        for name in ["text_fr", "choices_fr", "low_fr", "high_fr"]:
            self.fields[name].widget.attrs["lang"] = "fr"

    @property
    def seen_version(self) -> int:
        return int(self.cleaned_data.get("version") or 0)

    @property
    def choices(self) -> list[Pair]:
        english, french = self.cleaned_data["choices_en"], self.cleaned_data["choices_fr"]
        return list(zip(english, french or [""] * len(english), strict=True))

    def clean_choices_en(self) -> list[str]:
        return self._lines("choices_en")

    def clean_choices_fr(self) -> list[str]:
        return self._lines("choices_fr")

    def _lines(self, name: str) -> list[str]:
        lines = [line for line in self.cleaned_data[name].splitlines() if line]
        if len(lines) > MOST_CHOICES:
            raise forms.ValidationError(_("At most %(most)d answers.") % {"most": MOST_CHOICES})
        seen = set()
        for line in lines:
            if len(line) > LONGEST_CHOICE:
                words = _("Shorten “%(start)s…” to %(most)d characters.")
                raise forms.ValidationError(words % {"start": line[:30], "most": LONGEST_CHOICE})
            if line.casefold() in seen:
                raise forms.ValidationError(_("“%(line)s” stands there twice.") % {"line": line})
            seen.add(line.casefold())
        return lines

    def clean(self) -> dict[str, Any]:
        """What does not belong to the way of answering is forgotten."""
        cleaned = super().clean() or self.cleaned_data
        kind = cleaned.get("kind")
        if kind not in SCALES:
            cleaned |= dict.fromkeys(("low_en", "low_fr", "high_en", "high_fr"), "")
        if kind not in (Question.Kind.CHOICE, Question.Kind.SEVERAL):
            for name in ["choices_en", "choices_fr"]:
                self.errors.pop(name, None)
                cleaned[name] = []
        english, french = cleaned.get("choices_en"), cleaned.get("choices_fr")
        if french and english is not None and len(french) != len(english):
            words = _("%(english)d in English, %(french)d in French. Write one line for each, in the same order.")
            self.add_error("choices_fr", words % {"english": len(english), "french": len(french)})
        return cleaned

    def differences(self, current: Question) -> list[Difference]:
        """What is saved now against what was entered."""
        mine, theirs = said(self.instance, self.choices), said(current, pairs_of(current))
        both = zip(mine, theirs, strict=True)
        return [Difference(label, typed, saved) for (label, typed), (_label, saved) in both if typed != saved]


def pairs_of(question: Question) -> list[Pair]:
    return [(choice.text_en, choice.text_fr) for choice in question.choices.all()]


def said(question: Question, pairs: Sequence[Pair]) -> list[tuple[str, str]]:
    return [
        (_("Question in English"), question.text_en),
        (_("Question in French"), question.text_fr),
        (_("How people answer"), question.get_kind_display()),
        (_("Answers"), "\n".join(f"{english} / {french}" if french else english for english, french in pairs)),
        (_("Lowest and highest, in English"), ends(question.low_en, question.high_en)),
        (_("Lowest and highest, in French"), ends(question.low_fr, question.high_fr)),
        (_("An answer is required"), _("yes") if question.is_required else _("no")),
    ]


def ends(low: str, high: str) -> str:
    return " – ".join(end for end in [low, high] if end)
