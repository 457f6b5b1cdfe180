"""The form that corrects a saved call."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from calls.choices import CallingFor, EconomicRegion, FollowUpDecision, Heard, Service, TopicSource
from calls.forms.call import FOLLOW_UP_MISSING, RECORDED_WITHOUT_NOTICE
from calls.models import Call, CallTopic, Occupation, ReferralAgency, Topic
from contacts.choices import Category, ThirdPartyKind
from contacts.consent_form import many_chips
from contacts.countries import CountryField
from contacts.forms import NO_CHANNEL, chips
from contacts.models.notes import MAX_NOTE
from contacts.names import TextField
from contacts.note_field import GuardedForm, NoteField, ReasonField
from followups.models import FollowUp

NOT_STATED = ("", _("Not stated"))
FOLLOW_UP_IS_DONE = _("This follow-up is done: the client was answered. The call keeps it.")

FACTS = [
    "category", "third_party_kind", "category_other", "calling_for", "stat_citizenship", "stat_origin", "occupation",
    "region_wanted", "announcement_heard", "is_notice_spoken", "has_objected", "is_recorded",
]  # fmt: skip

Sent = dict[str, list[str]]


@dataclass(frozen=True)
class TopicRow:
    """The fields of one topic on the page; `description` only for a topic that asks for one."""

    chosen: forms.BoundField
    source: forms.BoundField
    agency: forms.BoundField
    description: forms.BoundField | None


class CorrectForm(GuardedForm):
    """Everything about a call that may have been recorded wrongly.

    `version` and `seen` say what the specialist saw: `seen` is the form as it was first shown, so that after an edit
    conflict only their own changes are applied again (R-CAL-11).
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    note_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    category = chips(
        Category.choices, label=_("Category"), error_messages={"required": _("Select the client category.")}
    )
    third_party_kind = chips(ThirdPartyKind.choices, required=False, label=_("Kind of third party"))
    category_other = TextField(required=False, max_length=80, label=_("Category in a few words"))
    calling_for = chips(
        CallingFor.choices, label=_("Calling for"), error_messages={"required": _("Choose who the caller calls for.")}
    )
    stat_citizenship = CountryField(label=_("Citizenship"))
    stat_origin = CountryField(label=_("Country of origin"))
    occupation = forms.ModelChoiceField(
        Occupation.objects.none(), required=False, empty_label=NOT_STATED[1], label=_("Occupation wanted")
    )
    region_wanted = forms.ChoiceField(
        choices=[NOT_STATED, *EconomicRegion.choices], required=False, label=_("Region of Alberta")
    )
    services = many_chips(
        Service.choices,
        label=_("Type of service provided"),
        error_messages={"required": _("Select at least one service.")},
    )
    announcement_heard = chips(Heard.choices, label=_("Recording announcement"))
    is_notice_spoken = forms.BooleanField(required=False, label=_("The specialist told them about the recording"))
    has_objected = forms.BooleanField(required=False, label=_("The caller objected to the recording"))
    is_recorded = forms.BooleanField(required=False, label=_("This call is recorded"))
    follow_up_decision = chips(
        FollowUpDecision.choices, label=_("Follow-up"), error_messages={"required": FOLLOW_UP_MISSING}
    )
    asked = NoteField(required=False, max_length=200, label=_("What they are waiting for"))
    cancel_reason = NoteField(required=False, max_length=80, label=_("Why nothing is owed any more"))
    note = NoteField(
        required=False,
        max_length=MAX_NOTE,
        rows=4,
        reason="note_reason",
        label=_("Note"),
        help_text=_("Only what we need to help. The earlier text stays in the history of the note."),
        error_messages={"max_length": _("A note may have at most 4,000 characters.")},
    )
    note_reason = ReasonField()

    def __init__(self, data: QueryDict | None = None, *, call: Call) -> None:
        self.call, self.contact = call, call.contact
        self.topic_rows_of_call = {row.topic_id: row for row in call.topics.select_related("topic", "agency")}
        super().__init__(data, initial=self._saved_values())
        occupations = Occupation.objects.selectable(*([call.occupation_id] if call.occupation_id else []))
        self.fields["occupation"].queryset = occupations  # type: ignore[attr-defined]
        self.offered_topics = list(Topic.objects.selectable(*self.topic_rows_of_call))
        self.agencies = {agency.pk: agency for agency in ReferralAgency.objects.selectable(*self._agencies_in_use())}
        for topic in self.offered_topics:
            self._offer_topic(topic)
        # What may be said about the follow-up depends on whether there is one.
        del self.fields["asked" if call.follow_up_decision == FollowUpDecision.NEEDED else "cancel_reason"]
        self.initial["seen"] = json.dumps(self.saved())

    def _agencies_in_use(self) -> list[int]:
        return [row.agency_id for row in self.topic_rows_of_call.values() if row.agency_id]

    def _saved_values(self) -> dict[str, Any]:
        call = self.call
        revision = call.note.revisions.order_by("-number").first() if call.note else None
        return {
            "version": call.version,
            "note_version": call.note.version if call.note else 0,
            **{name: getattr(call, name) for name in FACTS if name != "occupation"},
            "occupation": call.occupation_id,
            "services": [row.service for row in call.services.all()],
            "follow_up_decision": call.follow_up_decision,
            "note": revision.body if revision else "",
            "note_reason": revision.override_reason if revision else "",
            **self._saved_topics(),
        }

    def _saved_topics(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for pk, row in self.topic_rows_of_call.items():
            values |= {f"topic_{pk}": True, f"source_{pk}": row.source, f"description_{pk}": row.description}
            values[f"agency_{pk}"] = str(row.agency_id or "")
        return values

    def _offer_topic(self, topic: Topic) -> None:
        self.initial.setdefault(f"source_{topic.pk}", TopicSource.DEPARTMENT.value)
        self.fields[f"topic_{topic.pk}"] = forms.BooleanField(
            required=False, label=topic.label, widget=forms.CheckboxInput(attrs={"data-i2a-reveals": "a"})
        )
        self.fields[f"source_{topic.pk}"] = forms.ChoiceField(
            choices=TopicSource.choices, required=False, label=_("Whose information was it?")
        )
        self.fields[f"agency_{topic.pk}"] = forms.ChoiceField(
            choices=[("", _("None")), *[(str(pk), agency.label) for pk, agency in self.agencies.items()]],
            required=False,
            label=_("Which government or agency"),
        )
        if topic.needs_description:
            self.fields[f"description_{topic.pk}"] = NoteField(
                required=False, max_length=120, label=_("In a few words")
            )

    def answer_names(self) -> list[str]:
        """The fields that hold answers: all but those about the form itself."""
        return [name for name in self.fields if name not in {"version", "note_version", "seen"}]

    def topic_rows(self) -> Iterator[TopicRow]:
        for topic in self.offered_topics:
            described = f"description_{topic.pk}"
            yield TopicRow(
                self[f"topic_{topic.pk}"],
                self[f"source_{topic.pk}"],
                self[f"agency_{topic.pk}"],
                self[described] if described in self.fields else None,
            )

    def sent(self) -> Sent:
        """The answers as the browser sent them."""
        query = cast(QueryDict, self.data)
        return as_sent({name: query.getlist(name) for name in self.answer_names()})

    def saved(self) -> Sent:
        """The answers as they are saved, in the same form."""
        return as_sent({name: self.initial.get(name) for name in self.answer_names()})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._check_category()
        heard = cleaned.get("announcement_heard") == Heard.YES or cleaned.get("is_notice_spoken")
        if cleaned.get("is_recorded") and (not heard or cleaned.get("has_objected")):
            self._add("is_recorded", RECORDED_WITHOUT_NOTICE)
        if Service.EMAILED in cleaned.get("services", []) and self.call.message_id is None:
            self._add("services", _("Choose what was e-mailed, or remove 'E-mailed'."))
        self._check_topics()
        self._check_follow_up()
        return cleaned

    def _check_category(self) -> None:
        """What the category does not ask for is dropped; what it asks for must be there (R-CON-02)."""
        cleaned = self.cleaned_data
        if cleaned.get("category") != Category.THIRD_PARTY:
            cleaned["third_party_kind"] = ""
        elif not cleaned.get("third_party_kind"):
            self._add("third_party_kind", _("Select the kind of third party."))
        if cleaned.get("category") != Category.OTHER:
            cleaned["category_other"] = ""
        elif not cleaned.get("category_other"):
            self._add("category_other", _("Describe the category in a few words."))

    def _check_topics(self) -> None:
        chosen = [topic for topic in self.offered_topics if self.cleaned_data.get(f"topic_{topic.pk}")]
        if not chosen:
            first = f"topic_{self.offered_topics[0].pk}" if self.offered_topics else None
            self.add_error(first, _("Select at least one topic."))
        for topic in chosen:
            source = self.cleaned_data.get(f"source_{topic.pk}") or TopicSource.DEPARTMENT
            if source != TopicSource.DEPARTMENT and not self.cleaned_data.get(f"agency_{topic.pk}"):
                self._add(f"agency_{topic.pk}", _("Choose the government or agency the information came from."))
            if topic.needs_description and not self.cleaned_data.get(f"description_{topic.pk}"):
                self._add(f"description_{topic.pk}", _("Describe the topic in a few words."))

    def _check_follow_up(self) -> None:
        """Owing an answer needs somebody to reach; owing none any more needs a reason, while something is owed."""
        decision, before = self.cleaned_data.get("follow_up_decision"), self.call.follow_up_decision
        if decision == FollowUpDecision.NEEDED and before == FollowUpDecision.NONE and self.call.contact_id is None:
            self._add("follow_up_decision", NO_CHANNEL)
        if decision == FollowUpDecision.NONE and before == FollowUpDecision.NEEDED:
            follow_up = self.call.follow_up
            if follow_up and follow_up.status == FollowUp.Status.DONE:
                self._add("follow_up_decision", FOLLOW_UP_IS_DONE)
            elif follow_up and follow_up.is_open and not self.cleaned_data.get("cancel_reason"):
                self._add("cancel_reason", _("Say why the follow-up is cancelled."))

    def _add(self, name: str, message: Any) -> None:
        """A rule across fields says nothing where the field's own error has spoken already."""
        if name not in self.errors:
            self.add_error(name, message)

    def is_stale(self) -> bool:
        """Whether somebody saved the call, or its note on the contact's page, since this form was opened.

        Ask first: `is_valid` judges by what is saved.
        """
        names = ["version", "note_version"]
        return self.is_bound and any(self.data.get(name) != str(self.initial[name]) for name in names)

    def facts(self) -> dict[str, Any]:
        """The columns of the call."""
        return {name: self.cleaned_data[name] for name in FACTS}

    def topics(self) -> list[CallTopic]:
        """Unsaved rows, one for each chosen topic."""
        return [self._topic(topic) for topic in self.offered_topics if self.cleaned_data[f"topic_{topic.pk}"]]

    def _topic(self, topic: Topic) -> CallTopic:
        source = self.cleaned_data[f"source_{topic.pk}"] or TopicSource.DEPARTMENT
        agency = None
        if source != TopicSource.DEPARTMENT:
            agency = self.agencies[int(self.cleaned_data[f"agency_{topic.pk}"])]
        description = self.cleaned_data.get(f"description_{topic.pk}", "")
        return CallTopic(topic=topic, source=source, agency=agency, description=description)


def as_sent(values: dict[str, Any]) -> Sent:
    """Form values as a browser sends them, so that what was seen, typed and saved can be compared field by field."""
    return {name: sent for name, value in values.items() if (sent := _as_sent(value))}


def _as_sent(value: Any) -> list[str]:
    if value is True:
        return ["on"]
    values = value if isinstance(value, list | tuple) else [value]
    return sorted(_plain(str(part)) for part in values if part not in (None, "", False))


def _plain(text: str) -> str:
    """Browsers send line ends as CRLF, whatever they were given."""
    return text.replace("\r\n", "\n").strip()
