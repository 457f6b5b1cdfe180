"""The forms around who sees a contact: asking, answering, deciding, sharing, ending (R-CON-11)."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from access.models import Team, User
from access.selectors import holders_of
from contacts.choices import Sensitivity
from contacts.models import Contact
from contacts.note_field import GuardedForm, NoteField
from contacts.services.need_to_know import lasting_grants, may_keep

NOT_TO_ONESELF = _("Nobody gives access to themselves. Ask another lead or your manager.")


def reason_field(label: Any, required: Any, help_text: Any = "") -> NoteField:
    return NoteField(label=label, max_length=200, help_text=help_text, error_messages={"required": required})


def days_field() -> forms.IntegerField:
    between = _("Access can be given for 1 to 30 days.")
    messages = dict.fromkeys(["required", "invalid", "min_value", "max_value"], between)
    return forms.IntegerField(
        label=_("For how many days"), min_value=1, max_value=30, initial=1, error_messages=messages
    )


def name_and_team(person: Any) -> str:
    return f"{person}, {person.team}" if person.team else str(person)


class PersonField(forms.ModelChoiceField):
    label_from_instance = staticmethod(name_and_team)  # type: ignore[assignment]


class PeopleField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple
    label_from_instance = staticmethod(name_and_team)  # type: ignore[assignment]


class RequestForm(GuardedForm):
    """Why somebody needs a record they may not see."""

    reason = reason_field(
        _("Why you need it"),
        _("Say why you need it. The team that owns the record decides."),
        _("As in: caller is on the line. No names and no numbers."),
    )


class NotifyForm(GuardedForm):
    """What the team that owns a record should know. `q` is what was looked up."""

    q = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    reason = reason_field(
        _("What they should know"),
        _("Say what the team should know."),
        _("As in: the caller asks to be phoned before noon. No names and no numbers."),
    )


class GrantForm(forms.Form):
    days = days_field()


class RefuseForm(GuardedForm):
    reason = reason_field(_("Why not"), _("Say why you refuse."), _("The person who asked reads this."))


class EndForm(GuardedForm):
    reason = reason_field(_("Why it ends"), _("Say why the access ends."))


class ShareForm(GuardedForm):
    """Let a person or a team read one record for some days (F92)."""

    prefix = "share"  # it stands on one page with `DecideForm`

    person = PersonField(User.objects.none(), label=_("Person"), required=False, empty_label=_("Nobody"))
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Or a team"), required=False, empty_label=_("None"))
    days = days_field()
    reason = reason_field(_("What for"), _("Say why this access is needed."))

    def __init__(self, *args: Any, contact: Contact, by: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_rows(self, "person", holders_of("contacts.view_contact", now).exclude(pk=by.pk))
        set_rows(self, "team", self.others(contact, by))

    def others(self, contact: Contact, by: Any) -> Any:
        """Not the team that has it, and not one's own: that would be giving it to oneself."""
        teams = Team.objects.filter(is_active=True).order_by("name")
        return teams.exclude(pk__in=[contact.team_id, by.team_id])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("person")) == bool(cleaned.get("team")):
            self.add_error("person", _("Choose a person or a team."))
        return cleaned


class DecideForm(GuardedForm):
    """The team that owns a record, and whether only named people see it."""

    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team that owns the record"), empty_label=None)
    is_restricted = forms.BooleanField(label=_("Restricted: only the people named here see it"), required=False)
    named = PeopleField(User.objects.none(), label=_("Who may see it"), required=False)
    reason = reason_field(
        _("Reason"),
        _("Say why. The people who may see the record can read it."),
        _("The people who may see the record can read it."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, contact: Any, by: Any, now: datetime) -> None:
        self.may_keep = may_keep(contact, by)
        named = [grant.user_id for grant in lasting_grants(contact)]
        is_restricted = contact.sensitivity == Sensitivity.RESTRICTED
        keeps = named if is_restricted else [by.pk] if self.may_keep else []
        super().__init__(
            data,
            initial={
                "team": contact.team_id,
                "is_restricted": is_restricted,
                "named": keeps,
                "version": contact.version,
            },
        )
        self.contact, self.by = contact, by
        set_rows(self, "team", Team.objects.filter(is_active=True).order_by("name"))
        set_rows(self, "named", holders_of("contacts.view_contact", now))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("is_restricted"):
            cleaned["named"] = None
            return cleaned
        if not cleaned.get("named") and "named" not in self.errors:
            self.add_error("named", _("Name at least one person who may see the record."))
        elif self.by in (cleaned.get("named") or []) and not self.may_keep:
            self.add_error("named", NOT_TO_ONESELF)
        return cleaned


def set_rows(form: forms.Form, name: str, rows: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
