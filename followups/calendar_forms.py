"""What managers type about the calendar."""

import re
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any

from django import forms
from django.utils import dates
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followups.calendar import Block
from followups.calendar_changes import Edit, close_days, replace_hours, shorten_day
from i2a import clock
from i2a.wall_time import say_full_day

LONGEST_CLOSURE = timedelta(days=366)
LAST_YEAR_AHEAD = 10
HOURS = re.compile(r"(\d{1,2}) ?[:.h]? ?(\d{2})? ?[-–—] ?(\d{1,2}) ?[:.h]? ?(\d{2})?")
WEEKDAYS = [capfirst(weekday) for weekday in dates.WEEKDAYS.values()]  # in French they are lower case
DAY = {"required": gettext_lazy("Choose a day."), "invalid": gettext_lazy("Write the day like this: 2026-12-24.")}
TIME = {"invalid": gettext_lazy("Write the time like this: 13:00.")}
NO_NAME = gettext_lazy("Say why. Callers may hear it, and it is printed beside due times.")


class DayField(forms.DateField):
    """A day from today on: what is past stays as it was."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {**DAY}

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and day < clock.today():
            raise forms.ValidationError(_("Choose today or a later day: what is past stays as it was."))
        if day is not None and day.year > clock.today().year + LAST_YEAR_AHEAD:
            raise forms.ValidationError(_("Choose a day within the next ten years."))
        return day


class HoursOfDayField(forms.CharField):
    """ "9:00-12:00, 13:00-16:30" as blocks; empty for a day without service."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=60, **options)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def clean(self, value: Any) -> tuple[Block, ...]:
        text = super().clean(value)
        blocks = tuple(sorted(block_of(part.strip()) for part in re.split(r"[,;]", text) if part.strip()))
        for block, following in pairwise(blocks):
            if following.opens < block.closes:
                raise forms.ValidationError(_("These hours overlap with others on the same weekday."))
        return blocks


def block_of(text: str) -> Block:
    """:raises ValidationError: in words."""
    match = HOURS.fullmatch(text)
    if not match:
        raise forms.ValidationError(_("Write the hours like this: 9:00-12:00, 13:00-16:30."))
    opens, opens_minute, closes, closes_minute = [int(number or 0) for number in match.groups()]
    try:
        block = Block(time(opens, opens_minute), time(closes, closes_minute))
    except ValueError as impossible:
        raise forms.ValidationError(_("Write the hours like this: 9:00-12:00, 13:00-16:30.")) from impossible
    if block.closes <= block.opens:
        raise forms.ValidationError(_("Service must open before it closes."))
    return block


class HoursForm(forms.Form):
    """A week of service hours, and the day from which it holds."""

    begins = "valid_from"

    valid_from = DayField(label=gettext_lazy("From"))

    def __init__(self, *args: Any, week: dict[int, tuple[Block, ...]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday, label in enumerate(WEEKDAYS, start=1):
            hours = ", ".join(f"{block.opens:%-H:%M}-{block.closes:%-H:%M}" for block in week.get(weekday, ()))
            self.fields[f"day_{weekday}"] = HoursOfDayField(label=label, initial=hours)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned[f"day_{weekday}"] for weekday in range(1, 8)):
            self.add_error("day_1", _("At least one weekday needs service."))
        return cleaned

    @property
    def day_fields(self) -> list[forms.BoundField]:
        return [self[f"day_{weekday}"] for weekday in range(1, 8)]

    def in_words(self) -> str:
        return _("Service hours from %(day)s") % {"day": say_full_day(self.cleaned_data["valid_from"])}

    def edit(self) -> Edit:
        week = {weekday: self.cleaned_data[f"day_{weekday}"] for weekday in range(1, 8)}
        return replace_hours(self.cleaned_data["valid_from"], week)


class ClosureForm(forms.Form):
    """A closure of one day or several, or one day with shorter hours."""

    begins = "first_day"

    first_day = DayField(label=gettext_lazy("First day"))
    last_day = DayField(
        label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Leave it empty for a single day.")
    )
    name = forms.CharField(
        label=gettext_lazy("Reason in English"),
        max_length=80,
        error_messages={"required": NO_NAME},
    )
    name_fr = forms.CharField(
        label=gettext_lazy("Reason in French"), max_length=80, error_messages={"required": NO_NAME}
    )
    opens = forms.TimeField(
        label=gettext_lazy("Opens"),
        required=False,
        error_messages=TIME,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    closes = forms.TimeField(
        label=gettext_lazy("Closes"),
        required=False,
        error_messages=TIME,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day") or cleaned.get("first_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day cannot be before the first one."))
        elif first and last and last - first > LONGEST_CLOSURE:
            self.add_error("last_day", _("A closure may last a year at most."))
        self._check_hours(cleaned, is_single=first == last)
        return cleaned

    def _check_hours(self, cleaned: dict[str, Any], *, is_single: bool) -> None:
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if bool(opens) != bool(closes):
            missing = "closes" if opens else "opens"
            if missing not in self.errors:
                self.add_error(missing, _("A day with shorter hours says when service opens and closes."))
        elif opens and closes and closes <= opens:
            self.add_error("closes", _("Service must open before it closes."))
        elif opens and not is_single:
            self.add_error("last_day", _("Shorter hours are for a single day."))

    def in_words(self) -> str:
        first, last = self.cleaned_data["first_day"], self.cleaned_data["last_day"]
        said = {"first": say_full_day(first), "last": say_full_day(last or first), "name": self.cleaned_data["name"]}
        return (_("%(first)s to %(last)s: %(name)s") if last and last > first else _("%(first)s: %(name)s")) % said

    def edit(self) -> Edit:
        cleaned = self.cleaned_data
        names = {"name": cleaned["name"], "name_fr": cleaned["name_fr"]}
        first = cleaned["first_day"]
        if cleaned["opens"]:
            return shorten_day(first, opens=cleaned["opens"], closes=cleaned["closes"], **names)
        return close_days(first, cleaned["last_day"] or first, **names)
