"""What people type about the invitations of a survey: who, in which words, when. A draft may be half filled in."""

from datetime import date
from typing import Any

from django import forms
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.choices import Direction, Service
from calls.models import Topic
from contacts.choices import Category
from contacts.names import TextField
from i2a import clock
from i2a.conflicts import Difference
from i2a.wall_time import say_full_day, say_short_day, say_time
from outbox import links
from outbox.services import LONGEST_SUBJECT
from outreach.campaign_forms import LONGEST_TEXT, MailTextField, SinceField
from outreach.forms import DayField, time_field
from outreach.mailings.refusals import ScheduleInThePast, ScheduleSkipped
from outreach.mailings.schedule import ZONE
from outreach.zones import NoSuchTime, instant_at
from surveys.inviting.refusals import ClosesTooEarly, LinkMissing
from surveys.inviting.words import SUGGESTED
from surveys.models import Survey

FROM_THE_LIST = {"invalid_choice": gettext_lazy("Choose from the list.")}
REMINDERS = [3, 5, 7, 10, 14]


def several(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=label,
        error_messages=FROM_THE_LIST,
    )


class WhoForm(forms.Form):
    """Whose calls it asks about, among those who were told and agreed; the survey gets what is chosen."""

    called_from = SinceField(required=False, label=gettext_lazy("Called from"))
    called_to = DayField(required=False, label=gettext_lazy("Called to"))
    channels = several(gettext_lazy("Direction"), Direction.choices)
    categories = several(gettext_lazy("Category"), Category.choices)
    topics = several(gettext_lazy("Topic"), [])
    services = several(gettext_lazy("Service"), Service.choices)

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey = survey
        topics = Topic.objects.selectable(*survey.topics)
        self.fields["topics"].choices = [  # type: ignore[attr-defined]
            (str(topic.pk), topic.label) for topic in topics
        ]
        self.initial = {**self.initial, **{name: getattr(survey, name) for name in self.fields}}
        self.initial["topics"] = [str(topic) for topic in survey.topics]

    @property
    def several_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ["channels", "categories", "topics", "services"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("called_from"), cleaned.get("called_to")
        if first and last and last < first:
            self.add_error("called_to", _("The period must end after it begins."))
            cleaned.pop("called_to", None)
        for name in self.fields:
            empty: Any = None if name.startswith("called_") else []
            setattr(self.survey, name, cleaned.get(name) or empty)
        self.survey.topics = [int(topic) for topic in self.survey.topics]
        return cleaned


class InvitationForm(forms.ModelForm):
    """What it says and when it goes. Nothing must be there yet; it is asked for with the approval."""

    subject_en = TextField(max_length=LONGEST_SUBJECT, required=False, label=gettext_lazy("Subject in English"))
    text_en = MailTextField(max_length=LONGEST_TEXT, required=False, label=gettext_lazy("Text in English"))
    subject_fr = TextField(max_length=LONGEST_SUBJECT, required=False, label=gettext_lazy("Subject in French"))
    text_fr = MailTextField(max_length=LONGEST_TEXT, required=False, label=gettext_lazy("Text in French"))
    send_on = DayField(required=False, label=gettext_lazy("Day"))
    send_at = time_field(gettext_lazy("Time in Edmonton"))
    closes_on = DayField(required=False, label=gettext_lazy("Last day to answer"))
    remind_after = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        label=gettext_lazy("Reminder"),
        error_messages=FROM_THE_LIST,
        help_text=gettext_lazy("One, to those whose link was not used."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Survey
        fields = [
            "subject_en", "text_en", "subject_fr", "text_fr", "send_on", "send_at", "closes_on", "remind_after",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", self.instance.version)
        if not any(getattr(self.instance, name) for name in SUGGESTED):
            self.initial = {**self.initial, **SUGGESTED}
        days = [(str(days), _("after %(days)d days") % {"days": days}) for days in REMINDERS]
        self.fields["remind_after"].choices = [  # type: ignore[attr-defined]
            ("", _("None")),
            *days,
        ]
        for name in ["subject_fr", "text_fr"]:
            self.fields[name].widget.attrs["lang"] = "fr"

    @property
    def seen_version(self) -> int:
        return int(self.cleaned_data.get("version") or 0)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ["text_en", "text_fr"]:
            if cleaned.get(name) and links.PLACEHOLDER not in cleaned[name]:
                self.add_error(name, LinkMissing.message)
        if not {"send_on", "send_at"} & set(self.errors):
            self._judge_moment(cleaned.get("send_on"), cleaned.get("send_at"))
        if cleaned.get("send_on") and cleaned.get("closes_on") and cleaned["closes_on"] <= cleaned["send_on"]:
            self.add_error("closes_on", ClosesTooEarly.message)
        return cleaned

    def _judge_moment(self, day: date | None, wall: Any) -> None:
        if day and not wall:
            self.add_error("send_at", _("Say at what time it goes."))
        elif wall and not day:
            self.add_error("send_on", _("Choose a day."))
        elif day and {"send_on", "send_at"} & set(self.changed_data):
            try:
                at = instant_at(day, wall, ZONE)
            except NoSuchTime:
                self.add_error("send_at", ScheduleSkipped.message)
                return
            if at <= clock.now():
                self.add_error("send_on", ScheduleInThePast.message)


def differences(mine: Survey, current: Survey) -> list[Difference]:
    """What is saved now against what was entered."""
    values = zip(said(mine), said(current), strict=True)
    return [Difference(label, was_typed, saved) for (label, was_typed), (_same, saved) in values if was_typed != saved]


def said(survey: Survey) -> list[tuple[str, str]]:
    return [
        *choices_said(survey),
        (_("Subject in English"), survey.subject_en),
        (_("Text in English"), survey.text_en),
        (_("Subject in French"), survey.subject_fr),
        (_("Text in French"), survey.text_fr),
        (_("When it goes"), say_moment(survey)),
        (_("Last day to answer"), say_full_day(survey.closes_on) if survey.closes_on else ""),
        (_("Reminder"), say_reminder(survey)),
    ]


def choices_said(survey: Survey) -> list[tuple[str, str]]:
    """Whose calls it asks about, as a page says it."""
    names = [topic.label for topic in Topic.objects.filter(pk__in=survey.topics).order_by("position", "pk")]
    return [
        (_("Called"), say_period(survey)),
        (_("Direction"), listed(str(Direction(code).label) for code in survey.channels) or _("Both")),
        (_("Category"), listed(str(Category(code).label) for code in survey.categories) or _("Every category")),
        (_("Topic"), listed(names) or _("Every topic")),
        (_("Service"), listed(str(Service(code).label) for code in survey.services) or _("Every service")),
    ]


def say_period(survey: Survey) -> str:
    first, last = survey.called_from, survey.called_to
    if first and first == last:
        return say_short_day(first)
    if first and last:
        return _("%(first)s to %(last)s") % {"first": say_short_day(first), "last": say_short_day(last)}
    if first:
        return _("since %(day)s") % {"day": say_short_day(first)}
    return _("until %(day)s") % {"day": say_short_day(last)} if last else _("Not chosen yet")


def say_moment(survey: Survey) -> str:
    """ "Wednesday 25 November 2026, 9:30 am", in Edmonton; "" while nothing is chosen."""
    if not survey.send_on or not survey.send_at:
        return ""
    return _("%(day)s, %(time)s") % {"day": say_full_day(survey.send_on), "time": say_time(survey.send_at)}


def say_reminder(survey: Survey) -> str:
    if survey.remind_after is None:
        return _("None")
    return _("One, after %(days)d days") % {"days": survey.remind_after}


def listed(names: Any) -> str:
    return get_text_list(list(names), _("or"))
