"""What people type about a campaign: who should get it, what it says, when it goes. A draft may be half filled in."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from contacts.choices import Category
from contacts.countries import CountryField, country_name
from contacts.languages import LANGUAGES, language_name
from contacts.names import ForbiddenCharacter, TextField, normalised_lines
from contacts.note_field import GuardedForm, NoteField
from i2a import clock
from i2a.conflicts import Difference
from i2a.wall_time import say_full_day, say_short_day, say_time
from outbox.services import LONGEST_SUBJECT
from outreach.campaigns import refusals
from outreach.forms import COUNTRIES, MAIN_LANGUAGES, DayField, EventFilterForm, time_field
from outreach.mailings.schedule import ZONE
from outreach.models import Campaign, Event
from outreach.zones import NoSuchTime, instant_at

OTHER_LANGUAGES = 3
LONGEST_TEXT = 5_000
SHOWN = {
    "open": gettext_lazy("Under way"),
    "approval": gettext_lazy("Wait for approval"),
    "ended": pgettext_lazy("campaigns", "Ended"),
}


class CampaignFilterForm(EventFilterForm):
    FIRST, KIND = "open", "event__kind"

    q = TextField(max_length=80, required=False, label=gettext_lazy("Words of the title"))
    kind = forms.ChoiceField(
        choices=[("", gettext_lazy("Any")), *Event.Kind.choices],
        required=False,
        label=pgettext_lazy("campaign", "About"),
    )
    show = forms.ChoiceField(choices=list(SHOWN.items()), required=False, label=gettext_lazy("Show"))


class SinceField(DayField):
    """A day that has been."""

    default_error_messages = {"too_far": gettext_lazy("Choose a day that has been.")}

    def latest(self) -> date:
        return clock.today()


class MailTextField(forms.CharField):
    """Several lines that a client will read. Phone numbers and postal codes of ours may stand in it."""

    widget = forms.Textarea(attrs={"rows": 12, "data-i2a-count": str(LONGEST_TEXT)})
    default_error_messages = {"max_length": gettext_lazy("Shorten this text to 5,000 characters.")}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No `maxlength`: it would cut off pasted text without a word. A counter says it instead."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def to_python(self, value: Any) -> str:
        try:
            return normalised_lines(super().to_python(value) or "")
        except ForbiddenCharacter:
            raise ValidationError(str(TextField.forbidden), code="forbidden_characters") from None


class AudienceForm(forms.Form):
    """Who should get it, among those who agreed; the campaign gets what is chosen. Never by citizenship."""

    categories = forms.MultipleChoiceField(
        choices=Category.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Category"),
        error_messages={"invalid_choice": gettext_lazy("Choose from the list.")},
    )
    languages = forms.MultipleChoiceField(
        choices=[(code, LANGUAGES[code]) for code in MAIN_LANGUAGES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Preferred language"),
        error_messages={"invalid_choice": gettext_lazy("Choose from the list.")},
    )
    called_since = SinceField(required=False, label=gettext_lazy("Called since"))

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        for number in range(1, COUNTRIES + 1):
            label = _("Country %(number)s") % {"number": number}
            self.fields[f"country_{number}"] = CountryField(label=label, empty_label=gettext_lazy("–"))
        others = [("", gettext_lazy("–")), *((c, name) for c, name in LANGUAGES.items() if c not in MAIN_LANGUAGES)]
        for number in range(1, OTHER_LANGUAGES + 1):
            label = _("Another language %(number)s") % {"number": number}
            self.fields[f"language_{number}"] = forms.ChoiceField(choices=others, required=False, label=label)
        self.initial = {**self.initial, **audience_shown(campaign)}

    @property
    def country_fields(self) -> list[forms.BoundField]:
        return [self[f"country_{number}"] for number in range(1, COUNTRIES + 1)]

    @property
    def language_fields(self) -> list[forms.BoundField]:
        return [self[f"language_{number}"] for number in range(1, OTHER_LANGUAGES + 1)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.campaign.countries = self._chosen("country", COUNTRIES)
        self.campaign.languages = [*cleaned.get("languages", []), *self._chosen("language", OTHER_LANGUAGES)]
        self.campaign.categories = cleaned.get("categories", [])
        self.campaign.called_since = cleaned.get("called_since")
        return cleaned

    def _chosen(self, name: str, most: int) -> list[str]:
        chosen = [self.cleaned_data.get(f"{name}_{number}") for number in range(1, most + 1)]
        return list(dict.fromkeys(code for code in chosen if code))


def audience_shown(campaign: Campaign) -> dict[str, Any]:
    """What the form shows of a campaign as it is saved."""
    others = [code for code in campaign.languages if code not in MAIN_LANGUAGES]
    return {
        "categories": campaign.categories,
        "languages": [code for code in campaign.languages if code in MAIN_LANGUAGES],
        "called_since": campaign.called_since,
        **{f"country_{number}": code for number, code in enumerate(campaign.countries, start=1)},
        **{f"language_{number}": code for number, code in enumerate(others, start=1)},
    }


class CampaignForm(GuardedForm, forms.ModelForm):
    """What it says and when it goes. Only the title must be there; the rest is asked for with the approval."""

    title = NoteField(
        max_length=160,
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("For colleagues; receivers never see it. No client's name."),
        error_messages={"required": gettext_lazy("Give it a title.")},
    )
    subject_en = TextField(max_length=LONGEST_SUBJECT, required=False, label=gettext_lazy("Subject in English"))
    text_en = MailTextField(max_length=LONGEST_TEXT, required=False, label=gettext_lazy("Text in English"))
    subject_fr = TextField(max_length=LONGEST_SUBJECT, required=False, label=gettext_lazy("Subject in French"))
    text_fr = MailTextField(max_length=LONGEST_TEXT, required=False, label=gettext_lazy("Text in French"))
    send_on = DayField(required=False, label=gettext_lazy("Day"))
    send_at = time_field(gettext_lazy("Time in Edmonton"))
    form_uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Campaign
        fields = ["title", "subject_en", "text_en", "subject_fr", "text_fr", "send_on", "send_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", self.instance.version)
        for name in ["subject_fr", "text_fr"]:
            self.fields[name].widget.attrs["lang"] = "fr"

    @property
    def seen_version(self) -> int:
        return int(self.cleaned_data.get("version") or 0)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day, wall = cleaned.get("send_on"), cleaned.get("send_at")
        if {"send_on", "send_at"} & set(self.errors):
            return cleaned
        if day and not wall:
            self.add_error("send_at", _("Say at what time it goes."))
        elif wall and not day:
            self.add_error("send_on", _("Choose a day."))
        elif day and {"send_on", "send_at"} & set(self.changed_data):
            self._judge_moment(day, wall)
        return cleaned

    def _judge_moment(self, day: date, wall: Any) -> None:
        try:
            at = instant_at(day, wall, ZONE)
        except NoSuchTime:
            self.add_error("send_at", refusals.ScheduleSkipped.message)
            return
        if at <= clock.now():
            self.add_error("send_on", refusals.ScheduleInThePast.message)
        elif self.instance.event.has_begun(at):
            self.add_error("send_on", refusals.ScheduleAfterEvent.message)


def differences(mine: Campaign, current: Campaign) -> list[Difference]:
    """What is saved now against what was entered."""
    values = zip(said(mine), said(current), strict=True)
    return [Difference(label, was_typed, saved) for (label, was_typed), (_same, saved) in values if was_typed != saved]


def said(campaign: Campaign) -> list[tuple[str, str]]:
    return [
        (_("Title"), campaign.title),
        *choices_said(campaign),
        (_("Subject in English"), campaign.subject_en),
        (_("Text in English"), campaign.text_en),
        (_("Subject in French"), campaign.subject_fr),
        (_("Text in French"), campaign.text_fr),
        (_("When it goes"), say_moment(campaign)),
    ]


def choices_said(campaign: Campaign) -> list[tuple[str, str]]:
    """Who should get it, as a page says it."""
    since = campaign.called_since
    return [
        (_("Countries"), listed(map(country_name, campaign.countries)) or _("Every country")),
        (_("Category"), listed(str(Category(code).label) for code in campaign.categories) or _("Every category")),
        (_("Preferred language"), listed(map(language_name, campaign.languages)) or _("Every language")),
        (_("Called since"), say_short_day(since) if since else _("Any day")),
    ]


def listed(names: Any) -> str:
    return get_text_list(list(names), _("or"))


def say_moment(campaign: Campaign) -> str:
    """ "Wednesday 25 November 2026, 9:30 am", in Edmonton; "" while nothing is chosen."""
    if not campaign.send_on or not campaign.send_at:
        return ""
    words = {"day": say_full_day(campaign.send_on), "time": say_time(campaign.send_at)}
    return _("%(day)s, %(time)s") % words


class DecisionForm(GuardedForm):
    """One of two buttons: approve what was shown, or send it back and say why."""

    do = forms.ChoiceField(choices=[("approve", ""), ("send_back", "")])
    list_sha256 = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    because = NoteField(
        max_length=200,
        required=False,
        label=gettext_lazy("What must change"),
        help_text=gettext_lazy("Colleagues read it. No client's name."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("do") == "send_back" and not cleaned.get("because") and "because" not in self.errors:
            self.add_error("because", _("Say what must change."))
        return cleaned


class SwitchCampaignForm(GuardedForm):
    """Why it pauses, goes on or ends. Kept and shown."""

    because = NoteField(
        max_length=200,
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Colleagues read it. No client's name."),
        error_messages={"required": gettext_lazy("Say why, so that the others know.")},
    )
