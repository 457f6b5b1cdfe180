"""The questions of a survey as one form: what was answered so far travels along in it, and nothing is kept before the
end."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from contacts.guard import findings
from contacts.names import ForbiddenCharacter, TextField, normalised_lines
from contacts.note_field import is_refused, refusal
from surveys.models import Answer, Question, Survey

ANSWER_OR_STOP = _("Answer this question, or stop here.")
ONE_OF_THESE = _("Choose one of these answers.")
MESSAGES = {"required": ANSWER_OR_STOP, "invalid_choice": ONE_OF_THESE, "invalid_list": ONE_OF_THESE}
LONGEST = 2000


def refuse_numbers_of_identity(words: str) -> None:
    """As in a note. What the guard only doubts is not asked about here: the colleague who screens comments sees it."""
    refused = [refusal(finding) for finding in findings(words[:LONGEST]) if is_refused(finding)]
    if refused:
        raise ValidationError(list(dict.fromkeys(refused)))


class OwnWordsField(TextField):
    """Several lines."""

    widget = forms.Textarea(attrs={"rows": 6, "dir": "auto"})
    default_validators = [*TextField.default_validators, refuse_numbers_of_identity]

    def to_python(self, value: Any) -> str:
        try:
            return normalised_lines(str(value)) if value not in self.empty_values else ""
        except ForbiddenCharacter:
            raise ValidationError(str(self.forbidden), code="forbidden_characters") from None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No `maxlength`: it would cut off pasted text without a word."""
        return {}


class Sheet(forms.Form):
    """One field per question, called by the key of its row."""

    def __init__(self, questions: list[Question], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[field_name(question)] = field_for(question)

    def has(self, question: Question) -> bool:
        """Whether it was answered well. Ask when the form is bound."""
        return field_name(question) not in self.errors and bool(self.cleaned_data[field_name(question)])

    def answers(self) -> list[Answer]:
        """What was answered well, as rows that belong to no response yet."""
        return [row for question in self.questions if self.has(question) for row in self._rows(question)]

    def first_wrong(self, *, is_whole: bool) -> int | None:
        """The place of the first question whose answer cannot be taken. None must be there unless it `is_whole`."""
        for place, question in enumerate(self.questions):
            errors = self.errors.as_data().get(field_name(question), [])
            if any(is_whole or error.code != "required" for error in errors):
                return place
        return None

    def _rows(self, question: Question) -> list[Answer]:
        value = self.cleaned_data[field_name(question)]
        if question.kind == Question.Kind.TEXT:
            return [Answer(question=question, text=value)]
        if question.has_choices:
            chosen = [value] if isinstance(value, str) else dict.fromkeys(value)
            return [Answer(question=question, choice_id=int(key)) for key in chosen]
        return [Answer(question=question, number=int(value))]


def questions_of(survey: Survey) -> list[Question]:
    return list(survey.questions.prefetch_related("choices").order_by("position"))


def field_name(question: Question) -> str:
    return f"q{question.pk}"


def field_for(question: Question) -> forms.Field:
    shared: dict[str, Any] = {
        "label": question.text,
        "required": question.is_required,
        "error_messages": dict(MESSAGES),
    }
    if question.kind == Question.Kind.TEXT:
        shared["error_messages"] = {"required": ANSWER_OR_STOP}
        return OwnWordsField(max_length=LONGEST, **shared)
    if not question.has_choices:
        numbers = [(str(number), str(number)) for number in question.numbers]
        return forms.ChoiceField(choices=numbers, widget=forms.RadioSelect, **shared)
    choices = [(str(choice.pk), choice.text) for choice in question.choices.all()]
    if question.kind == Question.Kind.SEVERAL:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **shared)
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **shared)
