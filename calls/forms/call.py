"""What a specialist fills in while talking, apart from who the caller is (`contacts.forms.CallerForm`)."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from calls.choices import (
    CallingFor,
    Direction,
    EconomicRegion,
    FollowUpDecision,
    Heard,
    Interest,
    Service,
    SurveyNotice,
    TopicSource,
)
from calls.models import CallDraft, Choice, Document, DocumentVersion, Occupation, ReferralAgency, Script, Topic
from calls.services.information import faults_of
from contacts.choices import FutureContact, FutureContactAnswer, Language
from contacts.consent_form import FutureContactForm, many_chips
from contacts.forms import NO_CHANNEL, chips
from contacts.models.notes import MAX_NOTE
from contacts.note_field import NoteField, ReasonField
from contacts.pending import works_of
from contacts.stopping_form import offer_works
from followups.models import FollowUp
from i2a.language import is_french
from outreach.models import Event

RECORDED_WITHOUT_NOTICE = _(
    "A call may be marked as recorded only if the caller heard the recording announcement and did not object."
)
AGREEMENT_NOT_YOURS = _("You cannot record an agreement on a record you may not change. Its team can.")
YES_AND_NEVER = _("A client cannot agree and ask never to be contacted. Choose one.")
STOPPING = ["email_confirmed", "do_not_contact", "still_expected", "work_shown"]
FOLLOW_UP_MISSING = _("Choose whether follow-up is needed. If none, select 'No follow-up action is to be taken'.")


class RowsField(forms.ModelMultipleChoiceField):
    """Rows as chips, labelled in the language of the page."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        if isinstance(obj, DocumentVersion):
            document = obj.document
            return format_html('<span lang="{}">{}</span>{}', document.language, document.title, lacks_of(document))
        return obj.label


def lacks_of(document: Document) -> str:
    """That it is not in the other language; the style sheet shows it for callers who prefer that one (F26)."""
    in_french = document.language == Language.FR
    other = document.translation_of if in_french else getattr(document, "translation", None)
    if other is not None and other.is_active:
        return ""
    words = _("not in English") if in_french else _("not in French")
    return format_html(' <span class="lacks lacks-{}">{}</span>', "en" if in_french else "fr", words)


def may_have_address(draft: CallDraft, answer: str) -> bool:
    """Only after a Yes today, or an agreement that still stands and was not taken back today (R-CON-03)."""
    if draft.materials_only or draft.only_lowers or answer == FutureContactAnswer.NO:
        return False
    if answer == FutureContactAnswer.YES:
        return True
    return draft.contact is not None and draft.contact.future_contact == FutureContact.AGREED


class CallForm(FutureContactForm):
    """Boxes 3 to 8 of the call page. What must be answered when a contact is kept, `calls.forms.entry` asks for."""

    direction = chips(Direction.choices, initial=Direction.IN, required=False, label=_("Direction"))
    announcement_heard = chips(Heard.choices, initial=Heard.UNKNOWN, required=False, label=_("Recording announcement"))
    is_recorded = forms.BooleanField(required=False, label=_("This call is recorded"))
    has_objected = forms.BooleanField(required=False, label=_("The caller objected to the recording"))
    is_notice_spoken = forms.BooleanField(required=False, label=_("I told them about the recording"))
    recording_ref = forms.CharField(required=False, max_length=80, label=_("Recording reference"))

    calling_for = chips(
        CallingFor.choices, label=_("Calling for"), error_messages={"required": _("Choose who the caller calls for.")}
    )
    occupation = forms.ModelChoiceField(
        Occupation.objects.none(), required=False, empty_label=_("Not stated"), label=_("Occupation wanted")
    )
    region_wanted = forms.ChoiceField(
        choices=[("", _("Not stated")), *EconomicRegion.choices], required=False, label=_("Region of Alberta")
    )
    topics = RowsField(
        Topic.objects.none(), label=_("Asked about"), error_messages={"required": _("Select at least one topic.")}
    )
    topic_description = NoteField(required=False, max_length=120, label=_("Other topic in a few words"))
    topic_source = chips(
        TopicSource.choices, initial=TopicSource.DEPARTMENT, required=False, label=_("Whose information was it?")
    )
    agency = forms.ModelChoiceField(
        ReferralAgency.objects.none(), required=False, empty_label=_("None"), label=_("Which government or agency")
    )
    note = NoteField(
        required=False,
        max_length=MAX_NOTE,
        rows=3,
        reason="note_reason",
        label=_("Notes"),
        help_text=_("Only what we need to help. No health, family or bank details. The client may ask to read this."),
        error_messages={"max_length": _("A note may have at most 4,000 characters.")},
    )
    note_reason = ReasonField()
    services = many_chips(
        Service.choices,
        label=_("Type of service provided"),
        error_messages={"required": _("Select at least one service.")},
    )
    documents = RowsField(DocumentVersion.objects.none(), required=False, label=_("What to e-mail"))
    follow_up_decision = chips(
        FollowUpDecision.choices, label=_("Follow-up"), error_messages={"required": FOLLOW_UP_MISSING}
    )
    follow_up_asked = NoteField(required=False, max_length=200, label=_("What they are waiting for"))
    answers_follow_up = forms.ModelChoiceField(
        FollowUp.objects.none(), required=False, to_field_name="uid", label=_("This call answers")
    )

    survey_language = forms.CharField(required=False, widget=forms.HiddenInput)
    survey_notice = chips(
        [(SurveyNotice.GIVEN, SurveyNotice.GIVEN.label), (SurveyNotice.NOT_POSSIBLE, SurveyNotice.NOT_POSSIBLE.label)],
        required=False,
        label=_("Survey notice"),
    )
    survey_notice_reason = NoteField(required=False, max_length=120, label=_("Why not possible"))
    survey_consent = chips(
        [("yes", _("Yes, a survey is fine")), ("no", _("No survey"))],
        required=False,
        label=_("May we send the survey?"),
    )

    email_confirmed = chips(
        [("yes", _("Yes")), ("no", _("No"))],
        required=False,
        label=_("Did the client confirm this consent for the new address?"),
    )
    do_not_contact = forms.BooleanField(required=False, label=_("Never contact me again: do not contact"))
    still_expected = many_chips([], required=False, label=_("Client still expects this answer"))
    work_shown = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, draft: CallDraft, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft, self.contact = draft, draft.contact
        self.works = works_of(draft.contact) if draft.contact and not draft.only_lowers else []
        offer_works(self, self.works)
        after = {
            *FutureContactForm.base_fields,
            *STOPPING,
            *(name for name in self.fields if name.startswith("survey_")),
        }
        self.order_fields([name for name in CallForm.base_fields if name not in after])
        self.script = Script.objects.in_force(now).prefetch_related("questions__choices").first()
        self.events = list(Event.objects.upcoming(now)[:12])
        self._offer_rows()
        self._ask_questions()
        if draft.hidden_matches:
            self._send_nothing()
        if draft.only_lowers:
            self._agree_to_nothing()
        for event in self.events:
            self.fields[f"event_{event.pk}"] = forms.ChoiceField(
                choices=[("", _("Not discussed")), *Interest.choices], required=False, label=event.title
            )

    def _offer_rows(self) -> None:
        self._set("topics", Topic.objects.selectable())
        self._set("agency", ReferralAgency.objects.selectable())
        self._set("occupation", Occupation.objects.selectable())
        current = DocumentVersion.objects.current().values("pk")
        documents = DocumentVersion.objects.filter(pk__in=current)
        documents = documents.select_related("document__translation_of", "document__translation")
        self._set("documents", documents.order_by("document__language", "document__title", "pk"))
        owed = FollowUp.objects.answerable(self.draft.contact, self.draft.user)
        self._set("answers_follow_up", owed.order_by("due_at", "pk"))

    def _send_nothing(self) -> None:
        """To somebody whose record is not ours to see, nothing goes from here."""
        services = self.fields["services"]
        assert isinstance(services, forms.MultipleChoiceField)
        services.choices = [choice for choice in Service.choices if choice[0] != Service.EMAILED]

    def _agree_to_nothing(self) -> None:
        """On a record that is not ours to change, a caller can take agreements back; another team records new ones."""
        takes_back = [("", _("Not mentioned")), (FutureContactAnswer.NO, _("No more contact: withdraws everything"))]
        for name, choices in (("future_contact", takes_back), ("survey_consent", [])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
            field.error_messages["invalid_choice"] = AGREEMENT_NOT_YOURS
        for name in STOPPING:
            del self.fields[name]

    def _set(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    def _ask_questions(self) -> None:
        for question in sorted(self.script.questions.all(), key=lambda q: q.position) if self.script else []:
            choices = sorted(question.choices.all(), key=lambda c: c.position)
            self.fields[f"question_{question.pk}"] = chips(
                [(str(choice.pk), choice.label) for choice in choices],
                required=False,
                label=question.wording_fr if is_french() else question.wording,
            )

    def phones_of_contact(self) -> list[str]:
        """Also those that are being typed into box 2."""
        typed = [str(self.data.get(name) or "") for name in ("phone", "mobile", "fax")]
        return [*super().phones_of_contact(), *filter(None, typed)]

    def address_allowed(self) -> bool:
        return may_have_address(self.draft, str(self.data.get("future_contact") or ""))

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("question_")]

    @property
    def event_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("event_")]

    def clean_direction(self) -> str:
        return self.cleaned_data["direction"] or Direction.IN

    def clean_announcement_heard(self) -> str:
        return self.cleaned_data["announcement_heard"] or Heard.UNKNOWN

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        heard = cleaned.get("announcement_heard") == Heard.YES or cleaned.get("is_notice_spoken")
        if cleaned.get("is_recorded") and (not heard or cleaned.get("has_objected")):
            self.add_error("is_recorded", RECORDED_WITHOUT_NOTICE)
        if cleaned.get("recording_ref") and not cleaned.get("is_recorded"):
            self.add_error("recording_ref", _("Only a recorded call has a recording reference."))
        source = cleaned.get("topic_source") or TopicSource.DEPARTMENT
        if source != TopicSource.DEPARTMENT and not cleaned.get("agency"):
            self.add_error("agency", _("Choose the government or agency the information came from."))
        if cleaned.get("do_not_contact"):
            self.stop(cleaned)
        topics = cleaned.get("topics") or []
        if any(topic.needs_description for topic in topics) and not cleaned.get("topic_description"):
            self.add_error("topic_description", _("Describe the topic in a few words."))
        return cleaned

    def stop(self, cleaned: dict[str, Any]) -> None:
        """ "Never contact me again" answers the question about future contact, too."""
        if FutureContactAnswer.YES in (cleaned.get("future_contact"), cleaned.get("survey_consent")):
            self.add_error("do_not_contact", YES_AND_NEVER)
        if not self.draft.materials_only:
            cleaned["future_contact"] = FutureContactAnswer.NO

    def check_documents(self, *, lacks_email: bool, today: Any) -> None:
        """R-CAL-05 and R-INF-01: what is e-mailed is named, fit to be sent, and has somewhere to go."""
        documents = self.cleaned_data.get("documents") or []
        is_emailed = Service.EMAILED in self.cleaned_data.get("services", [])
        if is_emailed and not documents and "documents" not in self.errors:
            self.add_error("documents", _("Choose what was e-mailed, or remove 'E-mailed'."))
        if not is_emailed:
            return
        if lacks_email:
            self.add_error("services", _("This client has no e-mail address. Offer phone or fax."))
        for fault in faults_of(documents, today):
            self.add_error("documents", fault)

    def check_survey_notice(self, *, is_new: bool) -> None:
        """At the first contact the client is told about surveys; agreeing to one is a second question (R-SRV-01)."""
        cleaned = self.cleaned_data
        notice = cleaned.get("survey_notice")
        if is_new and not notice and "survey_notice" not in self.errors:
            self.add_error("survey_notice", _("Record whether the client was told about follow-up surveys."))
        if notice == SurveyNotice.NOT_POSSIBLE and not cleaned.get("survey_notice_reason"):
            self.add_error("survey_notice_reason", _("Say why it was not possible."))
        if cleaned.get("survey_consent") and notice != SurveyNotice.GIVEN:
            self.add_error("survey_consent", _("Tell the client about surveys before asking for agreement."))

    def check_no_contact(self) -> None:
        """Statistics only: nothing can be owed, sent or agreed without knowing whom to reach (D-06)."""
        cleaned = self.cleaned_data
        if cleaned.get("future_contact") == FutureContactAnswer.YES or cleaned.get("survey_consent") == "yes":
            self.add_error("future_contact", NO_CHANNEL)
        if cleaned.get("do_not_contact"):
            self.add_error("do_not_contact", _("Record who this is first: nobody can be left alone who is not known."))
        if cleaned.get("follow_up_decision") == FollowUpDecision.NEEDED:
            self.add_error("follow_up_decision", NO_CHANNEL)

    def chosen_answers(self) -> list[Choice]:
        """The coded answers to the script's questions."""
        asked = [name for name in self.fields if name.startswith("question_")]
        chosen = {int(self.cleaned_data[name]) for name in asked if self.cleaned_data[name]}
        questions = self.script.questions.all() if self.script else []
        return [choice for question in questions for choice in question.choices.all() if choice.pk in chosen]
