"""A contact made outside a call (R-CON-04, R-CON-06): somebody wrote, or filled in a paper form."""

import uuid
from typing import Any

from django import forms

from contacts.edit_form import OUT_OF_DATE
from contacts.forms import CallerForm
from contacts.reasons import explain


class NewContactForm(CallerForm):
    """`form_uuid` makes one contact of the same form sent twice."""

    form_uuid = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": OUT_OF_DATE, "invalid": OUT_OF_DATE}
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"form_uuid": uuid.uuid4()} | (initial or {}), **kwargs)
        self.order_fields(["form_uuid", "notice_given"])  # as they stand on the page
        explain(self)

    def _not_offered(self) -> list[str]:
        return [name for name in super()._not_offered() if name != "form_uuid"]

    def describes_somebody(self) -> bool:
        return True
