"""The two forms of the call page as one: what they start with, and the rules that need both."""

from typing import Any

from django.forms import Form
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from calls.choices import CallingFor, Service
from calls.forms.call import CallForm, may_have_address
from calls.models import Call, CallDraft
from contacts import duplicates
from contacts.choices import ConsentStatus, FutureContactAnswer, Language, Purpose, TextKind
from contacts.duplicates import Question
from contacts.edit_form import ANSWER_ABOUT_ADDRESS
from contacts.emails import fingerprint
from contacts.forms import MATERIALS_REFUSED, CallerForm
from contacts.gate import follows_address
from contacts.models import Contact
from contacts.note_field import phones_of
from contacts.services.contacts import StaleVersion
from i2a import clock
from i2a.conflicts import Difference

LONGEST = 20_000  # characters of one box, five times what a note may have
TOO_LONG = _("A draft keeps the first 20,000 characters of a text. Shorten it.")
NO_OUTBOUND = _("This client asked not to be contacted. No outbound contact can be planned.")
RENEWABLE = {ConsentStatus.GRANTED, ConsentStatus.LAPSED, ConsentStatus.LEGACY}
NOT_ASKED_FOR_MATERIALS = "Materials by e-mail only"


def caller_arguments(draft: CallDraft, typed: QueryDict) -> dict[str, Any]:
    return {
        "contact": draft.contact,
        "materials_only": draft.materials_only,
        "is_hidden": bool(draft.hidden_matches),
        "is_read_only": draft.is_read_only,
        "may_have_address": may_have_address(draft, typed.get("future_contact", "")),
    }


def kept_of(draft: CallDraft, typed: dict[str, list[str]]) -> tuple[dict[str, list[str]], list[str]]:
    """What a draft may hold of what was typed: no SIN, no card number, not for a minute; no text without end, which
    the guard would have to read. And what to say about what is left out.
    """
    short = {name: [value[:LONGEST] for value in values] for name, values in typed.items()}
    boxes = [number for name in ("phone", "mobile", "fax") for number in short.get(name, [])[-1:]]
    kept, said = CallForm.masked(short, [*phones_of(draft.contact), *boxes])
    return kept, said if short == typed else [*said, str(TOO_LONG)]


def values_typed(form: Form, typed: QueryDict) -> dict[str, Any]:
    """What the browser sent, as initial values of an unbound form: shown again, not judged yet.

    A box that is not ticked is not sent; once the page was sent as a whole (it always sends `note`), absence counts.
    """
    is_whole = "note" in typed
    return {
        name: field.widget.value_from_datadict(typed, {}, name)
        for name, field in form.fields.items()
        if is_whole or name in typed
    }


def habits_of(contact: Contact | None) -> dict[str, Any]:
    """What a repeat caller most likely answers again; a wrong guess costs one key."""
    if contact is None:
        return {}
    last = Call.objects.active().filter(contact=contact).order_by("-started_at", "-pk").first()
    return {"calling_for": last.calling_for} if last else {}


def granted_states(contact: Contact | None) -> list[Any]:
    """Consents to future contact that stand, or lapsed: a plain Yes confirms them (N3)."""
    states = contact.consent_states.all() if contact is not None else []
    return [state for state in states if state.status in RENEWABLE and state.purpose != Purpose.SURVEY]


def fill_renewal(form: CallForm, contact: Contact | None) -> None:
    """A Yes without ticks, from somebody who agreed before, confirms exactly what they had agreed to."""
    cleaned, states = form.cleaned_data, granted_states(contact)
    if cleaned.get("future_contact") == FutureContactAnswer.YES and states:
        cleaned["purposes"] = cleaned.get("purposes") or sorted({state.purpose for state in states})
        cleaned["channels"] = cleaned.get("channels") or sorted({state.channel for state in states})


def check_together(caller: CallerForm, form: CallForm, draft: CallDraft) -> bool:
    """Validate both forms and the rules between them. Errors land on the fields; True when there are none."""
    caller.is_valid()
    form.is_valid()
    keeps_contact = caller.describes_somebody()
    if draft.materials_only:
        check_materials(caller, form)
    if keeps_contact:
        fill_renewal(form, draft.contact)
        if not draft.materials_only:
            form.check_future_contact(is_new=draft.contact is None)
        form.check_survey_notice(is_new=draft.contact is None)
        if is_address_new(caller, draft) and not (form.cleaned_data["email_confirmed"] or is_answered_no(form)):
            form.add_error("email_confirmed", ANSWER_ABOUT_ADDRESS)
        if draft.contact is not None and draft.contact.do_not_contact:
            check_reversal(form)
    elif not draft.hidden_matches:
        form.check_no_contact()
    lacks_email = not email_of(caller) and "email" not in caller.errors  # an address that is wrong is said beside it
    form.check_documents(lacks_email=lacks_email, today=clock.today())
    return caller.is_valid() and form.is_valid()


def is_address_new(caller: CallerForm, draft: CallDraft) -> bool:
    """The e-mail was typed over, and somebody had agreed to be written to at the old one (R-CNS-06)."""
    if draft.contact is None or draft.only_lowers or not follows_address(draft.contact):
        return False
    return fingerprint(caller.cleaned_data.get("email") or "") not in ("", draft.contact.email_fingerprint)


def is_answered_no(form: CallForm) -> bool:
    return form.cleaned_data.get("future_contact") == FutureContactAnswer.NO


def check_reversal(form: CallForm) -> None:
    """Only the client can end "do not contact", by calling us and agreeing anew (R-CNS-03)."""
    if form.cleaned_data.get("future_contact") == FutureContactAnswer.YES and form.cleaned_data["direction"] != "in":
        form.add_error("future_contact", NO_OUTBOUND)


def check_materials(caller: CallerForm, form: CallForm) -> None:
    """E-mail-only: nothing about future contact is asked, so nothing may be answered (R-CON-04)."""
    if form.cleaned_data.get("future_contact"):
        caller.add_error(None, MATERIALS_REFUSED)


def email_of(caller: CallerForm) -> str:
    if caller.is_read_only and caller.contact is not None:
        return caller.contact.email
    return caller.cleaned_data.get("email") or ""


def language_of(caller: CallerForm) -> str:
    """As entered now; what the contact says where it is not asked."""
    stored = caller.contact.language if caller.contact is not None else ""
    return caller.cleaned_data.get("language", stored)


def record_of(caller: CallerForm, form: CallForm, draft: CallDraft) -> dict[str, Any]:
    """The call's own columns and rows from both forms, as `calls.services.saving.save_call` takes them."""
    about, answers = caller.cleaned_data, form.cleaned_data
    record = {**answers, "script": form.script}
    record |= {name: about.get(name, "") for name in ("category", "third_party_kind", "category_other")}
    record |= {"stat_citizenship": about.get("citizenship", ""), "stat_origin": about.get("origin_country", "")}
    if answers["calling_for"] != CallingFor.EMPLOYER and record["category"] != "employer":
        record |= {"occupation": None, "region_wanted": ""}
    record["events"] = [(event, answers[f"event_{event.pk}"]) for event in form.events if answers[f"event_{event.pk}"]]
    record["answers"] = form.chosen_answers()
    shown, expected = (set(answers.get(name) or []) for name in ("work_shown", "still_expected"))
    record |= {"do_not_contact": answers.get("do_not_contact", False), "dropped": shown - expected}
    record["email_confirmed"] = answers.get("email_confirmed", "")
    record["survey_language"] = spoken_language(answers["survey_language"])
    record["consent_text"] = TextKind.CONSENT_RENEWAL if granted_states(draft.contact) else TextKind.CONSENT_SCRIPT
    record["mail_language"] = mail_language(caller, form)
    if draft.materials_only and draft.contact is None:
        record |= {"future_contact": FutureContactAnswer.NOT_ASKED, "future_contact_reason": NOT_ASKED_FOR_MATERIALS}
    if Service.EMAILED not in answers["services"]:
        record["documents"] = []
    return record


def spoken_language(value: str) -> str:
    return Language.FR if value == Language.FR else Language.EN


def mail_language(caller: CallerForm, form: CallForm) -> str:
    """French when the caller prefers it, or when all documents are French."""
    languages = {version.document.language for version in form.cleaned_data["documents"] or []}
    prefers_french = language_of(caller) == Language.FR
    return Language.FR if languages == {Language.FR} or (prefers_french and Language.FR in languages) else Language.EN


def values_for_contact(caller: CallerForm, form: CallForm) -> dict[str, Any]:
    """Columns of the contact. Of a caller who asks for somebody else, citizenship and origin describe that person and
    are kept on the call only (R-CAL-06)."""
    values = caller.contact_values()
    if form.cleaned_data["calling_for"] != CallingFor.SELF:
        values = {name: value for name, value in values.items() if name not in {"citizenship", "origin_country"}}
    return values


def conflict_of(stale: StaleVersion, caller: CallerForm, draft: CallDraft) -> dict[str, Any]:
    """What the page shows when somebody else changed the contact meanwhile: both values of each box typed over here.

    Boxes left as they were shown are not written, so the other person's change of them stays.
    """
    shown, theirs = draft.undo["shown"], stale.current
    differences = [
        Difference(label=caller.fields[name].label or name, mine=str(value), theirs=str(getattr(theirs, name)))
        for name, value in caller.contact_values().items()
        if name in caller.fields and shown.get(name) != value
    ]
    return {"changed_by": stale.by, "changed_at": stale.at, "conflicts": differences}


def duplicate_question(caller: CallerForm, draft: CallDraft, data: QueryDict, user: Any) -> Question | None:
    """Whether somebody with the same e-mail or number, or a similar name, is known already (R-CON-07)."""
    if not caller.describes_somebody() or caller.is_read_only:
        return None
    return duplicates.ask(caller.contact_values(), data=data, user=user, contact=draft.contact)
