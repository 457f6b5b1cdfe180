from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.models import SavedView
from contacts.names import TextField


class SavedViewForm(forms.ModelForm):
    name = TextField(
        max_length=60,
        label=_("Name"),
        help_text=_("What it shows. Without names or numbers of callers."),
        error_messages={"required": _("Give the view a name.")},
    )
    position = forms.IntegerField(min_value=1, max_value=99, label=_("Place in the row"))
    is_shared = forms.BooleanField(required=False, label=_("Share it with my team"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = SavedView
        fields = ["name", "position", "is_default"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.initial = {
            **self.initial,
            "is_shared": self.instance.team_id is not None,
            "version": self.instance.version,
        }
        if user.team_id is None:
            del self.fields["is_shared"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "is_shared" in self.fields:
            self.instance.team = self.user.team if cleaned.get("is_shared") else None
        return cleaned

    @property
    def seen_version(self) -> int:
        return self.cleaned_data.get("version") or self.instance.version
