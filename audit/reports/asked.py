"""What is asked of the audit: a form that stands in the address, in codes and references (R-AUD-02)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth import get_user_model
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from audit.reports import naming
from audit.reports.topics import EVERYTHING, WHOLE, Topic, topic_of, topics_for
from i2a.clock import EDMONTON
from i2a.wall_time import say_short_day

DAYS = 14  # what is shown when nobody asks for other days: a report always has a first and a last day
MOST_DAYS = 366
A_YEAR = timedelta(days=MOST_DAYS - 2)
NOBODY, SYSTEM = "nobody", "system"
OUT_OF_TIME = gettext_lazy("Choose a day between 2000 and 2100.")
UNKNOWN = gettext_lazy("Choose one from the list.")


@dataclass(frozen=True)
class Asked:
    """`person` is a user's key, SYSTEM, NOBODY or ""; `until` is the first instant after the last day; `by` asks."""

    by: Any
    topic: Topic
    person: Any
    model: naming.Model | None
    target: naming.Target | None
    start: datetime
    until: datetime


def day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    messages = {"invalid": gettext_lazy("Write the day like this: 2026-11-23.")}
    return forms.DateField(
        required=False,
        label=label,
        widget=widget,
        error_messages=messages,
        validators=[
            MinValueValidator(date(2000, 1, 1), OUT_OF_TIME),
            MaxValueValidator(date(2100, 12, 31), OUT_OF_TIME),
        ],
    )


def choice(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(required=False, label=label, error_messages={"invalid_choice": UNKNOWN})


class AskForm(forms.Form):
    """A filter that makes no sense says so beside its field and filters nothing."""

    who = choice(gettext_lazy("Person"))
    did = choice(gettext_lazy("What they did"))
    what = choice(gettext_lazy("Kind of record"))
    record = forms.CharField(
        required=False,
        max_length=36,
        label=gettext_lazy("Record"),
        widget=forms.TextInput(attrs={"placeholder": "P-2026-000045", "autocomplete": "off", "class": "mono"}),
    )
    since = day(gettext_lazy("From"))
    until = day(pgettext_lazy("time", "To"))

    def __init__(self, data: QueryDict, *, user: Any, today: date) -> None:
        super().__init__(data)
        self.user, self.today = user, today
        self.target: naming.Target | None = None
        self._offer()
        self.is_valid()

    def _offer(self) -> None:
        topics = topics_for(self.user)
        people = get_user_model()._default_manager.order_by("last_name", "first_name", "pk")
        nobody = [(SYSTEM, _("The system")), (NOBODY, _("Nobody signed in"))]
        anything = [("", EVERYTHING.label)] if self.user.has_perm(WHOLE) else []
        offered: dict[str, list[tuple[Any, Any]]] = {
            "who": [("", _("Anyone")), *((str(one.uid), str(one)) for one in people), *nobody],
            "did": [*anything, *((topic.code, topic.label) for topic in topics)],
            "what": [("", _("Any record")), *sorted_kinds()],
        }
        self.people = {str(one.uid): one.pk for one in people}
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_record(self) -> str:
        ref = self.cleaned_data["record"].strip().upper()
        if ref:
            self.target = naming.find(ref)
            if self.target is None:
                raise forms.ValidationError(_("No record has this reference. Check it: it looks like P-2026-000045."))
        return ref

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first. Change one of them."))
        first, last = self.days(cleaned)
        if (last - first).days >= MOST_DAYS:
            self.add_error("since", _("Ask for a year at most."))
        return cleaned

    def days(self, cleaned: dict[str, Any]) -> tuple[date, date]:
        """From the first day to the last one; `DAYS` when neither was chosen."""
        until = cleaned.get("until") or self.today
        since = cleaned.get("since")
        if since is None:
            since = until - timedelta(days=DAYS - 1)
        return since, max(since, until)

    @property
    def asked(self) -> Asked:
        first, last = self.days(self.cleaned_data)
        what = self.cleaned_data.get("what")
        who = self.cleaned_data.get("who", "")
        return Asked(
            by=self.user,
            topic=topic_of(self.user, self.cleaned_data.get("did", "")),
            person=self.people.get(who, who),
            model=naming.model_of(what) if what else None,
            target=self.target,
            start=datetime.combine(first, time(), tzinfo=EDMONTON),
            until=datetime.combine(last + timedelta(days=1), time(), tzinfo=EDMONTON),
        )

    def query(self, **changes: str) -> str:
        """The filters that count, as they stand in an address."""
        known = {**self.cleaned_data, **changes}
        return urlencode({name: str(known[name]) for name in self.fields if known.get(name)})

    def active(self) -> list[tuple[str, str]]:
        """The filters in use: words for a chip, and the address without it; the days always, for they always count."""
        chips = [(self._say(name), "?" + self.query(**{name: ""})) for name in CHIPS if self._say(name)]
        first, last = self.days(self.cleaned_data)
        days = _("%(first)s to %(last)s") % {"first": say_short_day(first), "last": say_short_day(last)}
        is_chosen = self.cleaned_data.get("since") or self.cleaned_data.get("until")
        return [*chips, (days, "?" + self.query(since="", until="") if is_chosen else "")]

    def _say(self, name: str) -> str:
        value = self.cleaned_data.get(name)
        if not value:
            return ""
        if name == "record":
            return naming.called(self.target, self.user) if self.target else value
        return str(dict(self.fields[name].choices)[value])  # type: ignore[attr-defined]


CHIPS = ["who", "did", "what", "record"]


def sorted_kinds() -> list[tuple[str, str]]:
    kinds = [(model._meta.label_lower, naming.say_model(model)) for model in naming.pages()]
    return sorted(kinds, key=lambda kind: kind[1])
