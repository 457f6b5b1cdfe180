"""Asking for access, and the owner's no."""

from datetime import datetime, time
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from access.forms.register import day_field, reason_field
from access.models import Team, User
from access.models.grants import END_BEFORE_START
from access.roles import Role
from i2a.clock import EDMONTON

TEAM_ROLES = {Role.SPECIALIST, Role.TEAM_LEAD}


class RequestForm(forms.Form):
    """A role for somebody known, or for somebody new, whose name then goes into the register."""

    person = forms.ModelChoiceField(
        User.objects.none(), label=_("Person"), required=False, empty_label=_("Somebody new")
    )
    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    username = forms.CharField(
        label=_("User name"), max_length=150, required=False, validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Work e-mail"), required=False, error_messages={"invalid": _("Enter an e-mail like name@example.org.")}
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=Role, widget=forms.RadioSelect, error_messages={"required": _("Choose a role.")}
    )
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("No team"))
    starts_on = day_field(_("From"))
    ends_on = day_field(_("Last day"), required=False, help_text=_("Empty: until it is taken away."))
    reason = reason_field(
        _("Reason"), _("Say why this access is needed."), _("Kept in the register. Nothing about callers.")
    )
    form_uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: Any, now: datetime, person: User | None = None, **kwargs: Any) -> None:
        today = now.astimezone(EDMONTON).date()
        initial = {"starts_on": today, "form_uuid": uuid4(), "person": person, "team": person and person.team_id}
        super().__init__(*args, initial=initial, **kwargs)
        self.now = now
        whole = by.has_perm("access.view_whole_register")
        people = User.objects.order_by("last_name", "first_name", "pk")
        teams = Team.objects.filter(is_active=True).order_by("name")
        if not whole:  # a lead asks for their own team
            people, teams = people.filter(team_id=by.team_id), teams.filter(pk=by.team_id)
        self.rows("person", people)
        self.rows("team", teams)

    def rows(self, name: str, queryset: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queryset

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("person") and "person" not in self.errors:
            self.clean_somebody_new(cleaned)
        if cleaned.get("role") in TEAM_ROLES and not cleaned.get("team"):
            self.add_error("team", _("Choose the team whose records they work with."))
        self.clean_period(cleaned)
        return cleaned

    def clean_somebody_new(self, cleaned: dict[str, Any]) -> None:
        for name in ("first_name", "last_name", "username", "email"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Needed for somebody new."))
        if User.objects.filter(username__iexact=cleaned.get("username", "")).exists():
            self.add_error("username", _("Somebody has this user name already."))
        if User.objects.filter(email__iexact=cleaned.get("email", "")).exists():
            self.add_error("email", _("Somebody already signs in with this e-mail address."))

    def clean_period(self, cleaned: dict[str, Any]) -> None:
        """Whole days in Edmonton; from today means from now."""
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first is None:
            return
        starts_at = max(start_of(first), self.now)
        ends_at = datetime.combine(last, time.max, EDMONTON) if last else None
        if ends_at and (last < first or ends_at <= starts_at):
            self.add_error("ends_on", END_BEFORE_START)
        cleaned |= {"starts_at": starts_at, "ends_at": ends_at}

    @property
    def person_facts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("first_name", "last_name", "username", "email")}

    @property
    def what(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name] for name in ("role", "team", "reason", "starts_at", "ends_at", "form_uuid")
        }


def start_of(day: Any) -> datetime:
    return datetime.combine(day, time.min, EDMONTON)


class RefuseForm(forms.Form):
    reason = reason_field(_("Why not"), _("Say why you refuse."), _("The person who asked reads this."))
