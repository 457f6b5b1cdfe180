"""What people type about one follow-up."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from access.models import User
from contacts.choices import FUTURE_CONTACT_PURPOSES, Channel, Language, Purpose
from contacts.edit_form import OUT_OF_DATE
from contacts.models import Contact
from contacts.models.notes import MAX_NOTE
from contacts.note_field import GuardedForm, NoteField
from followups import evidence
from followups.closing import NOT_NEEDED, NOT_REACHED
from followups.future_contact import last_day
from followups.handing_over import colleagues_in
from followups.models import FollowUp
from i2a import clock
from i2a.conflicts import Difference

HOW_ANSWERED = gettext_lazy("Record how the client was answered.")
TO_WHOM = gettext_lazy("Choose who answers.")
WHICH_DAY = gettext_lazy("Choose a day.")
WHICH_LANGUAGE = gettext_lazy("Choose English or French.")
WHAT_ABOUT = gettext_lazy("Choose what it is about.")
HOW = gettext_lazy("Choose how.")
LIKE_A_DAY = gettext_lazy("Write the day like this: 2026-12-24.")


class CloseForm(GuardedForm):
    """What shows how the client was answered, or why nobody has to (R-FUP-03, F13)."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Answered by"),
        widget=forms.RadioSelect,
        error_messages={"required": HOW_ANSWERED, "invalid_choice": HOW_ANSWERED},
    )
    outcome = NoteField(
        label=gettext_lazy("What the answer was, or why none is needed"),
        max_length=200,
        help_text=gettext_lazy("In a few words. No passport, SIN or file numbers."),
        error_messages={"required": HOW_ANSWERED},
    )
    version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": OUT_OF_DATE, "invalid": OUT_OF_DATE}
    )

    def __init__(self, *args: Any, follow_up: FollowUp, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": follow_up.version}, **kwargs)
        self.follow_up, self.contact, self.user = follow_up, follow_up.contact, user
        self.answers = evidence.choices_for(follow_up, user, clock.now())
        choices = [*self.answers, (NOT_NEEDED, _("They need no answer any more"))]
        if not follow_up.may_try_again:
            choices.append((NOT_REACHED, _("Not reached in three attempts")))
        field = self.fields["answer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def label_of_answer(self) -> str:
        field = self.fields["answer"]
        assert isinstance(field, forms.ChoiceField)
        return str(dict(field.choices)[self.cleaned_data["answer"]])  # type: ignore[arg-type]

    def differences(self) -> list[Difference]:
        """Between these entries and what is saved. Ask after `is_valid()`."""
        saved, mine = self.follow_up, self.cleaned_data
        how = saved.get_method_display() if saved.method else saved.get_status_display()
        rows = [("answer", how, self.label_of_answer)]
        rows.append(("outcome", saved.outcome or saved.cancel_reason, mine["outcome"]))
        return [
            Difference(label=self.fields[name].label or name, mine=str(entered), theirs=theirs)
            for name, theirs, entered in rows
            if theirs != entered
        ]

    @property
    def says_the_same(self) -> bool:
        """Pressing twice is no conflict."""
        return self.cleaned_data["outcome"] == (self.follow_up.outcome or self.follow_up.cancel_reason)

    def on_top(self) -> "CloseForm":
        """The same entries, ready to be saved over what is saved now."""
        entries = {"answer": self.cleaned_data["answer"], "outcome": self.cleaned_data["outcome"]}
        entries["version"] = str(self.follow_up.version)
        return CloseForm(entries, follow_up=self.follow_up, user=self.user)


class AnswerForm(GuardedForm):
    """An answer by e-mail."""

    text = NoteField(
        max_length=MAX_NOTE,
        rows=12,
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy("Greeting, sender and the collection notice are added. It goes to this client only."),
        error_messages={"required": gettext_lazy("Write the answer.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the mail"),
        choices=Language.choices,
        error_messages={"required": WHICH_LANGUAGE, "invalid_choice": WHICH_LANGUAGE},
    )

    def __init__(self, *args: Any, contact: Contact, is_promotion: bool = False, **kwargs: Any) -> None:
        language = Language.FR if contact.language == Language.FR else Language.EN
        super().__init__(*args, initial={"language": language}, **kwargs)
        self.contact = contact
        if is_promotion:
            self.fields["text"].label = _("Your e-mail")
            self.fields["text"].help_text = _(
                "Greeting, sender, why they get it and how to stop it are added. It goes to this client only."
            )


class PauseForm(GuardedForm):
    reason = NoteField(
        max_length=120,
        label=gettext_lazy("What we are waiting for"),
        help_text=gettext_lazy("From the client, as in: sends the name of the employer."),
        error_messages={"required": gettext_lazy("Say why the clock stops.")},
    )

    def __init__(self, *args: Any, contact: Contact | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact = contact


class ColleagueField(forms.ModelChoiceField):
    def label_from_instance(self, user: Any) -> str:
        return str(user)


class HandOverForm(forms.Form):
    """Who answers instead."""

    to = ColleagueField(
        User.objects.none(),
        label=gettext_lazy("Who answers"),
        empty_label=gettext_lazy("Choose a colleague"),
        error_messages={"required": TO_WHOM, "invalid_choice": TO_WHOM},
    )

    def __init__(self, *args: Any, team: Any, but: User | None, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = colleagues_in(team, now)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = colleagues.exclude(pk=but.pk) if but else colleagues


class HandOverAllForm(HandOverForm):
    """All that is due before one is back; all there is without a day."""

    back_on = forms.DateField(
        label=gettext_lazy("Back on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Only what is due before that day is handed over. Leave it empty to hand over all."),
        error_messages={"invalid": LIKE_A_DAY},
    )


class PlanForm(GuardedForm):
    """Contacting somebody later (R-FUP-06)."""

    on = forms.DateField(
        label=pgettext_lazy("time", "On"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": WHICH_DAY, "invalid": LIKE_A_DAY},
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("About"),
        choices=[(purpose.value, purpose.label) for purpose in FUTURE_CONTACT_PURPOSES],
        widget=forms.RadioSelect,
        error_messages={"required": WHAT_ABOUT, "invalid_choice": WHAT_ABOUT},
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("By"),
        choices=Channel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": HOW, "invalid_choice": HOW},
    )
    asked = NoteField(
        max_length=200,
        label=gettext_lazy("What to tell them"),
        error_messages={"required": gettext_lazy("Say in a few words what it is for.")},
    )
    uid = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": OUT_OF_DATE, "invalid": OUT_OF_DATE})

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, initial={"uid": uuid4()}, **kwargs)
        self.contact = contact

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        today = clock.today()
        if on <= today:
            raise forms.ValidationError(_("Choose a day after today. What is owed today is an answer, not a plan."))
        if on > last_day(today):
            raise forms.ValidationError(_("At most 24 months ahead: consent may have lapsed by then."))
        return on

    def clean_purpose(self) -> Purpose:
        return Purpose(self.cleaned_data["purpose"])

    def clean_channel(self) -> Channel:
        return Channel(self.cleaned_data["channel"])
