"""What people type about an event."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from contacts.countries import CountryField
from contacts.languages import LANGUAGES
from contacts.models import Contact
from contacts.names import TextField
from contacts.note_field import GuardedForm, NoteField
from i2a import clock
from i2a.conflicts import Difference
from outreach.models import Event
from outreach.models.events import MOST_SEATS
from outreach.words import city_of, say_aim, say_languages, say_span
from outreach.zones import NoSuchTime, instant_at, zone_choices

COUNTRIES = 6
EARLIEST = date(2000, 1, 1)
YEARS_AHEAD = 10
SHOWN = {"upcoming": gettext_lazy("Upcoming"), "past": gettext_lazy("Past"), "cancelled": gettext_lazy("Cancelled")}
MAIN_LANGUAGES = ["en", "fr"]
DAY = {
    "required": gettext_lazy("Choose a day."),
    "invalid": gettext_lazy("Write the day like this: 2026-12-24."),
}
TIME = {"invalid": gettext_lazy("Write the time like this: 13:00.")}
SEATS = gettext_lazy("Seats are a number from 1 to 10,000. Leave it empty if everybody fits in.")


class EventFilterForm(forms.Form):
    """What the list shows. It lives in the address."""

    FIRST, KIND = "upcoming", "kind"  # what is shown without being asked for; the column of the event's kind

    q = TextField(max_length=80, required=False, label=gettext_lazy("Title or reference"))
    kind = forms.ChoiceField(
        choices=[("", gettext_lazy("Any")), *Event.Kind.choices], required=False, label=gettext_lazy("Kind")
    )
    show = forms.ChoiceField(choices=list(SHOWN.items()), required=False, label=gettext_lazy("Show"))

    def clean_show(self) -> str:
        return self.cleaned_data["show"] or self.FIRST

    def narrow(self, rows: Any) -> Any:
        """Fields with errors filter nothing."""
        for word in self.cleaned_data.get("q", "").split():
            rows = rows.filter(title__icontains=word)
        kind = self.cleaned_data.get("kind")
        return rows.filter(**{self.KIND: kind}) if kind else rows


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {**DAY, "too_far": gettext_lazy("Choose a day within the next ten years.")}

    def latest(self) -> date:
        return date(clock.today().year + YEARS_AHEAD, 12, 31)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not EARLIEST <= day <= self.latest():
            raise forms.ValidationError(self.error_messages["too_far"])
        return day


def time_field(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, error_messages=TIME, widget=widget)


class EventForm(forms.ModelForm):
    """An event as it is typed: wall times of its place. `seen_version` is what the page was opened with."""

    kind = forms.ChoiceField(
        choices=Event.Kind.choices,
        widget=forms.RadioSelect,
        label=gettext_lazy("What it is"),
        error_messages={"required": gettext_lazy("Choose what it is.")},
    )
    title = TextField(
        max_length=160,
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("As callers hear it. No caller's name."),
        error_messages={"required": gettext_lazy("Give it a title.")},
    )
    about = forms.CharField(
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        label=gettext_lazy("What it is about"),
        error_messages={"max_length": gettext_lazy("Shorten this text.")},
    )
    languages = forms.MultipleChoiceField(
        choices=[(code, LANGUAGES[code]) for code in MAIN_LANGUAGES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Languages it is held in"),
    )
    other_language = forms.ChoiceField(
        choices=[
            ("", pgettext_lazy("language", "None")),
            *((code, name) for code, name in LANGUAGES.items() if code not in MAIN_LANGUAGES),
        ],
        required=False,
        label=gettext_lazy("Another language"),
    )
    day = DayField(label=gettext_lazy("Day"), required=False)
    begins = time_field(gettext_lazy("Starts at"))
    last_day = DayField(label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("If another day."))
    ends = time_field(gettext_lazy("Ends at"))
    zone = forms.ChoiceField(
        choices=zone_choices,
        label=gettext_lazy("Time zone of the place"),
        help_text=gettext_lazy("All times here are those of this zone."),
        error_messages={
            "required": gettext_lazy("Choose a time zone from the list."),
            "invalid_choice": gettext_lazy("Choose a time zone from the list."),
        },
    )
    place = TextField(
        max_length=120, required=False, label=gettext_lazy("Place"), help_text=gettext_lazy('Or "Online".')
    )
    region = TextField(
        max_length=120,
        required=False,
        label=gettext_lazy("Region or city aimed at"),
        help_text=gettext_lazy("In words, for people. Only the countries choose whom it is offered to."),
    )
    seats = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_SEATS,
        label=gettext_lazy("Seats"),
        help_text=gettext_lazy("Empty: everybody fits in."),
        error_messages={"invalid": SEATS, "min_value": SEATS, "max_value": SEATS},
    )
    link = forms.URLField(
        max_length=300,
        required=False,
        assume_scheme="https",
        label=gettext_lazy("Registration link"),
        help_text=gettext_lazy("A page of the organiser. Begins with https://."),
        validators=[
            URLValidator(schemes=["https"], message=gettext_lazy("A link begins with https://."), code="not_https")
        ],
        error_messages={"invalid": gettext_lazy("This is no address of a web page.")},
    )
    contact_point = TextField(
        max_length=160,
        required=False,
        label=gettext_lazy("Who answers questions"),
        help_text=gettext_lazy("An office and its phone or e-mail."),
    )
    public_form = forms.ChoiceField(
        choices=Event.PublicForm.choices,
        widget=forms.RadioSelect,
        initial=Event.PublicForm.NONE,
        required=False,
        label=gettext_lazy("Who may register without us"),
        help_text=gettext_lazy("On a page of ours, in English and French, until the event begins."),
    )
    form_uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Event
        fields = ["kind", "title", "about", "place", "region", "zone", "seats", "link", "contact_point", "public_form"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, COUNTRIES + 1):
            label = _("Country %(number)s") % {"number": number}
            self.fields[f"country_{number}"] = CountryField(label=label, empty_label=gettext_lazy("–"))
        self.initial |= shown(self.instance)

    @property
    def country_fields(self) -> list[forms.BoundField]:
        return [self[f"country_{number}"] for number in range(1, COUNTRIES + 1)]

    @property
    def seen_version(self) -> int:
        return int(self.cleaned_data.get("version") or 0)

    def clean_public_form(self) -> str:
        return self.cleaned_data["public_form"] or Event.PublicForm.NONE

    def clean_about(self) -> str:
        return str(self.cleaned_data["about"]).replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        other = cleaned.get("other_language")
        self.instance.languages = [*cleaned.get("languages", []), *([other] if other else [])]
        if not self.instance.languages and "languages" not in self.errors:
            self.add_error("languages", _("Choose at least one language."))
        chosen = [cleaned.get(f"country_{number}") for number in range(1, COUNTRIES + 1)]
        self.instance.countries = list(dict.fromkeys(code for code in chosen if code))
        self._read_times(cleaned)
        if cleaned.get("public_form") != Event.PublicForm.NONE and not cleaned.get("day") and "day" not in self.errors:
            self.add_error("public_form", _("A public form needs a date: it closes when the event starts."))
        return cleaned

    def _read_times(self, cleaned: dict[str, Any]) -> None:
        day, begins, ends = cleaned.get("day"), cleaned.get("begins"), cleaned.get("ends")
        last_day = cleaned.get("last_day")
        if {"day", "begins", "last_day", "ends", "zone", "kind"} & set(self.errors):
            return
        self.instance.starts_at = self.instance.ends_at = None
        if not day and (begins or ends or last_day):
            self.add_error("day", _("Choose a day."))
        elif not day and cleaned["kind"] != Event.Kind.UPDATE:
            self.add_error("day", _("A seminar or trade mission needs a date."))
        elif day and not begins:
            self.add_error("begins", _("Say at what time it starts."))
        elif last_day and not ends:
            self.add_error("ends", _("Say at what time it ends on the last day."))
        elif day:
            self.instance.starts_at = self._instant("begins", day, begins)
            self.instance.ends_at = self._instant("ends", last_day or day, ends) if ends else None
            self._check_order("last_day" if last_day and last_day < day else "ends")

    def _instant(self, name: str, day: date, wall: Any) -> datetime | None:
        zone = self.cleaned_data["zone"]
        try:
            return instant_at(day, wall, zone)
        except NoSuchTime:
            words = {"city": city_of(zone)}
            self.add_error(name, _("The clocks in %(city)s skip this time on that day. Choose another one.") % words)
            return None

    def _check_order(self, name: str) -> None:
        start, end = self.instance.starts_at, self.instance.ends_at
        if start and end and end <= start:
            self.add_error(name, _("It must end after it starts."))

    def differences(self, current: Event) -> list[Difference]:
        """What is saved now against what was entered."""
        values = zip(said(self.instance), said(current), strict=True)
        return [Difference(label, mine, theirs) for (label, mine), (_same, theirs) in values if mine != theirs]


def shown(event: Event) -> dict[str, Any]:
    """What the form shows of an event as it is saved."""
    start = event.starts_at.astimezone(event.own_zone) if event.starts_at else None
    end = event.ends_at.astimezone(event.own_zone) if event.ends_at else None
    is_longer = start and end and start.date() != end.date()
    others = [code for code in event.languages if code not in MAIN_LANGUAGES]
    return {
        "version": event.version,
        "languages": [code for code in event.languages if code in MAIN_LANGUAGES],
        "other_language": others[0] if others else "",
        "day": start.date() if start else None,
        "begins": wall_of(start),
        "last_day": end.date() if end and is_longer else None,
        "ends": wall_of(end),
        **{f"country_{number}": code for number, code in enumerate(event.countries, start=1)},
    }


def wall_of(at: datetime | None) -> time | None:
    return at.time() if at else None


def said(event: Event) -> list[tuple[str, str]]:
    return [
        (_("What it is"), str(event.get_kind_display())),
        (_("Title"), event.title),
        (_("What it is about"), event.about),
        (_("Languages it is held in"), say_languages(event)),
        (_("When"), f"{say_span(event)} ({city_of(event.zone)})"),
        (_("Place"), event.place),
        (_("Aimed at"), say_aim(event)),
        (_("Seats"), str(event.seats or "")),
        (_("Registration link"), event.link),
        (_("Who answers questions"), event.contact_point),
        (_("Who may register without us"), str(event.get_public_form_display())),
    ]


class CancelForm(GuardedForm):
    because = NoteField(
        max_length=200,
        label=gettext_lazy("Why it is cancelled"),
        help_text=gettext_lazy("Colleagues read it to callers who ask. No caller's name."),
        error_messages={"required": gettext_lazy("Say why it is cancelled.")},
    )


class RegisterForm(forms.Form):
    """By reference, as it stands on the contact's page: a name may be somebody else's."""

    reference = TextField(
        max_length=20,
        label=gettext_lazy("Reference of the contact"),
        help_text=gettext_lazy("As on the contact's page: P-2026-000123."),
        error_messages={"required": gettext_lazy("Enter the reference of the contact.")},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_reference(self) -> Contact:
        found = Contact.objects.visible_to(self.user).active().filter(ref=self.cleaned_data["reference"].upper())
        contact = found.first()
        if contact is None:
            raise forms.ValidationError(_("There is no contact with this reference that you may see."))
        return contact


class AttendanceForm(forms.Form):
    """One button of a registration."""

    do = forms.ChoiceField(choices=[("cancel", ""), ("told", ""), ("attended", ""), ("absent", ""), ("unknown", "")])
