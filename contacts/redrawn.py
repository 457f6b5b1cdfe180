"""A form drawn again with what was typed, for a button that changes it: nothing is judged yet, nothing is saved."""

from django.forms import Form
from django.http import QueryDict


def fill_again(form: Form, typed: QueryDict) -> None:
    form.initial.update(
        {name: field.widget.value_from_datadict(typed, {}, name) for name, field in form.fields.items()}
    )
