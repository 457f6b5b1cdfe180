"""Choosing, part by part, what a merged contact keeps."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.choices import EmailState
from contacts.comparing import Row, columns_of, rows_of
from contacts.models import Contact

WINNER, LOSER = "winner", "loser"
OUT_OF_DATE = gettext_lazy("This page is out of date. Open it again.")


class MergeForm(forms.Form):
    """One choice for each part that differs; what is recorded on one side only, and what is newer, is chosen first."""

    winner_version = forms.IntegerField(widget=forms.HiddenInput)
    loser_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, winner: Contact, loser: Contact) -> None:
        super().__init__(data, initial={"winner_version": winner.version, "loser_version": loser.version})
        self.winner, self.loser = winner, loser
        self.rows = rows_of(columns_of(winner), columns_of(loser))
        for name in ("winner_version", "loser_version"):
            self.fields[name].error_messages = {"required": OUT_OF_DATE, "invalid": OUT_OF_DATE}
        for row in self.rows:
            if row.is_different or row.is_only_left or row.is_only_right:
                self.fields[row.part.name] = self._choice(row)

    def _choice(self, row: Row) -> forms.ChoiceField:
        nothing = _("Nothing")
        sides = [(WINNER, row.left or nothing), (LOSER, row.right or nothing)]
        return forms.ChoiceField(
            label=str(row.part.label),
            choices=sides,
            initial=self._better(row),
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose which one is kept.")},
        )

    def _better(self, row: Row) -> str:
        if row.is_only_left or row.is_only_right:
            return WINNER if row.is_only_left else LOSER
        if row.part.name == "email" and EmailState.NOT_WORKING in (self.winner.email_state, self.loser.email_state):
            return LOSER if self.winner.email_state == EmailState.NOT_WORKING else WINNER
        return LOSER if self.loser.updated_at > self.winner.updated_at else WINNER

    @property
    def differing(self) -> list[forms.BoundField]:
        return [self[row.part.name] for row in self.rows if row.part.name in self.fields]

    @property
    def same(self) -> list[Row]:
        return [row for row in self.rows if row.part.name not in self.fields]

    @property
    def is_stale(self) -> bool:
        """Somebody changed one of the two since the page was opened."""
        posted = [str(self.data.get(name) or "") for name in ("winner_version", "loser_version")]
        return self.is_bound and posted != [str(self.winner.version), str(self.loser.version)]

    def on_top(self) -> "MergeForm":
        """The same choices for the records as they stand now."""
        data = {name: self.data.get(name, self.fields[name].initial) for name in self.fields}
        versions = {"winner_version": self.winner.version, "loser_version": self.loser.version}
        return MergeForm(data | versions, winner=self.winner, loser=self.loser)

    def choices(self) -> dict[str, str]:
        """Ask after `is_valid()`."""
        return {row.part.name: self.cleaned_data.get(row.part.name, WINNER) for row in self.rows}

    def versions(self) -> tuple[int, int]:
        return self.cleaned_data["winner_version"], self.cleaned_data["loser_version"]
