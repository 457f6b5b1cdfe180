"""The call page: start, keep, save, undo."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from access.teams import NoTeam
from calls.choices import Direction
from calls.context_processors import drafts_for
from calls.forms import entry
from calls.forms.call import CallForm
from calls.models import Call, CallDraft
from calls.services import drafts
from calls.services.saving import DraftGone, enter_call
from calls.services.undoing import TooLateToUndo, undo_call
from calls.views.call_page import page_context
from calls.views.mail_preview import preview_for
from contacts.choices import FutureContactAnswer
from contacts.duplicates import Question
from contacts.forms import READ_ONLY, CallerForm
from contacts.merging import surviving
from contacts.models import Contact
from contacts.organisations import colleagues_of
from contacts.search import hidden_matches, prefill
from contacts.services.contacts import NotChangeable, StaleVersion
from followups.action_views import no_longer_agreed
from followups.future_contact import NotAgreed, check_still_agreed
from followups.models import FollowUp
from i2a import clock
from i2a.constraints import saved
from i2a.permissions import get_permitted, open_despite_lapsed_training, requires
from i2a.templatetags.i2a_ui import edmonton_time


@require_POST
@requires("calls.add_call")
def draft_start(request: HttpRequest) -> HttpResponse:
    """Begin a call: with a contact, with what was typed in the lookup, or empty."""
    contact, typed, hidden = None, {}, []
    if for_owner := request.POST.get("for_owner", "").strip():
        hidden = hidden_matches(for_owner[:200], request.user)
        if not hidden:
            messages.error(request, _("No record out of your reach has exactly this number or address."))
            return redirect("calls:desk")
    elif uid := request.POST.get("contact"):
        known = surviving(as_uuid(uid))
        contact = get_permitted(Contact.objects.active(), request.user, "contacts.view_contact", uid=known)
        try:
            typed = call_back(contact, as_uuid(request.POST.get("answers", "")), request.user)
        except NotAgreed as refusal:
            return no_longer_agreed(request, refusal)
    elif q := request.POST.get("q", "").strip():
        typed = {name: [text] for name, text in prefill(q).items()}
        typed |= call_back(None, as_uuid(request.POST.get("answers", "")), request.user)
    materials_only = contact is None and bool(request.POST.get("materials_only"))
    try:
        draft = drafts.start_draft(
            user=request.user,
            now=clock.now(),
            contact=contact,
            materials_only=materials_only and not hidden,
            typed=typed,
            hidden=hidden,
        )
    except NoTeam:
        messages.error(request, _("You belong to no team yet, so a call would belong to nobody. Ask your team lead."))
        return redirect("calls:desk")
    return redirect("calls:draft", uid=draft.uid)


def call_back(contact: Contact | None, uid: UUID | None, user: Any) -> dict[str, list[str]]:
    """We call them to answer a follow-up: the call goes out, and saving it closes the follow-up.

    :raises NotAgreed: it was planned for today, and they no longer agree. It is cancelled now.
    """
    follow_up = FollowUp.objects.answerable(contact, user).filter(uid=uid).first() if uid else None
    if follow_up is None:
        return {}
    check_still_agreed(follow_up, now=clock.now())
    return {"direction": [Direction.OUT.value], "answers_follow_up": [str(follow_up.uid)]}


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_POST
@requires("calls.add_call")
@open_despite_lapsed_training
def draft_keep(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What the browser sends 0.8 s after the last key. Answers with the sentence for the strip."""
    draft = CallDraft.objects.visible_to(request.user).open().filter(uid=uid).first()
    if draft is None:
        return HttpResponse(_("This call was saved or discarded elsewhere."), content_type="text/plain", status=409)
    now = clock.now()
    refused = keep(draft, drafts.typed_from(request.POST), now)
    said = _("Draft saved %(time)s") % {"time": edmonton_time(now, "seconds")}
    if refused:
        said = _("Draft saved %(time)s, but not all of it. %(why)s") % {
            "time": edmonton_time(now, "seconds"),
            "why": " ".join(refused),
        }
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


def keep(draft: CallDraft, typed: dict[str, list[str]], now: datetime) -> list[str]:
    """Keep what was typed but for numbers that must not be recorded; what to say about those."""
    storable, refused = entry.kept_of(draft, typed)
    drafts.keep_draft(draft=draft, typed=storable, now=now)
    return refused


@require_POST
@requires("calls.add_call")
@open_despite_lapsed_training
def draft_discard(request: HttpRequest, uid: UUID) -> HttpResponse:
    draft = get_object_or_404(CallDraft.objects.visible_to(request.user).open(), uid=uid)
    drafts.discard_draft(draft=draft)
    messages.success(request, _("Draft thrown away."))
    return redirect("calls:desk")


@require_POST
@requires("calls.add_call")
@open_despite_lapsed_training
def draft_set_caller(request: HttpRequest, uid: UUID) -> HttpResponse:
    """ "Use existing": the record fills boxes 1 to 3, what was typed about the call stays."""
    draft = get_object_or_404(CallDraft.objects.visible_to(request.user).open(), uid=uid)
    known = surviving(as_uuid(request.POST.get("use_contact", "")))
    contact = get_permitted(Contact.objects.active(), request.user, "contacts.view_contact", uid=known)
    about_caller = {*CallerForm.base_fields, "use_contact"}
    typed = {name: values for name, values in drafts.typed_from(request.POST).items() if name not in about_caller}
    storable, _refused = entry.kept_of(draft, typed)
    drafts.set_caller(draft=draft, contact=contact, typed=storable, now=clock.now())
    return redirect("calls:draft", uid=draft.uid)


@require_http_methods(["GET", "POST"])
@requires("calls.add_call")
@open_despite_lapsed_training
def draft_edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    draft = get_object_or_404(CallDraft.objects.visible_to(request.user).select_related("contact", "call"), uid=uid)
    draft.user = request.user  # it is theirs, and their roles and grants are known already
    if draft.call is not None:
        return already_saved(request, draft.call)
    if draft.contact and not Contact.objects.visible_to(request.user).filter(pk=draft.contact.pk).exists():
        drafts.lose_caller(draft=draft, is_kept=request.method == "POST")
    if request.method == "POST":
        if "use_contact" in request.POST:
            return draft_set_caller(request, uid)
        return keep_and_show(request, draft) if "more" in request.POST else try_to_save(request, draft)
    caller, form = unbound_forms(draft)
    return render(request, "calls/draft.html", page_context(request, draft, caller, form, **asked_for(request, draft)))


def asked_for(request: HttpRequest, draft: CallDraft) -> dict[str, Any]:
    """What a button of the form asks for: the mail as it will be; others of the organisation, without script."""
    if "mail" in request.GET:
        typed = as_query(draft.data)
        caller = CallerForm(typed, **entry.caller_arguments(draft, typed))
        return {"mail": preview_for(draft, caller, CallForm(typed, draft=draft, now=clock.now()))}
    if "colleagues" not in request.GET or draft.hidden_matches:
        return {}
    typed = draft.data.get("organisation", [""])[0]
    return {"colleagues": colleagues_of(typed, request.user, but=draft.contact)}


def already_saved(request: HttpRequest, call: Call) -> HttpResponse:
    """The same form sent twice makes one call; the second answer is the first one."""
    undoable = drafts_for(request).undoable
    if undoable is None or undoable.call != call:  # the toast with Undo says the same
        messages.info(request, _("Call %(ref)s saved.") % {"ref": call.ref})
    return redirect("calls:desk")


def keep_and_show(request: HttpRequest, draft: CallDraft) -> HttpResponse:
    """A button that changes the form, such as "add an address": keep what was typed and draw the page again."""
    typed = drafts.typed_from(request.POST)
    more = typed.pop("more")[-1]
    if more == "address":
        typed["future_contact"] = [FutureContactAnswer.YES]
    for refusal in keep(draft, typed, clock.now()):
        messages.error(request, refusal)
    page = reverse("calls:draft", args=[draft.uid])
    return redirect(f"{page}?{more}=1#{more}" if more in {"colleagues", "mail"} else page)


def unbound_forms(draft: CallDraft) -> tuple[CallerForm, CallForm]:
    """Both forms filled with what the draft holds, without complaining about what is not filled in yet."""
    typed = as_query(draft.data)
    caller = CallerForm(**entry.caller_arguments(draft, typed))
    form = CallForm(draft=draft, now=clock.now(), initial=entry.habits_of(draft.contact))
    for part in (caller, form):
        part.initial |= entry.values_typed(part, typed)
    return caller, form


def as_query(data: dict[str, list[str]]) -> QueryDict:
    typed = QueryDict(mutable=True)
    for name, values in data.items():
        typed.setlist(name, values)
    return typed


def try_to_save(request: HttpRequest, draft: CallDraft) -> HttpResponse:
    """Save, or show the page again with what is missing, with a possible duplicate, or with somebody else's changes."""
    now = clock.now()
    keep(draft, drafts.typed_from(request.POST), now)  # a refused save loses nothing
    draft.refresh_from_db(fields=["call"])  # the same form may have been saved while we waited for the row
    if draft.call is not None:
        return already_saved(request, draft.call)
    caller = CallerForm(request.POST, **entry.caller_arguments(draft, request.POST))
    form = CallForm(request.POST, draft=draft, now=now)
    if not entry.check_together(caller, form, draft):
        return show_again(request, draft, caller, form)
    question = entry.duplicate_question(caller, draft, request.POST, request.user)
    if question and not question.is_answered:
        return show_again(request, draft, caller, form, question=question)
    try:
        call = saved(form, lambda: enter(request, draft, caller, form, question, now))
    except DraftGone:
        messages.error(request, _("This call was saved or discarded elsewhere."))
        return redirect("calls:desk")
    except NotChangeable:
        messages.error(request, READ_ONLY)
        return redirect("calls:draft", uid=draft.uid)
    except StaleVersion as stale:
        conflict = entry.conflict_of(stale, caller, draft)
        drafts.accept_version(draft=draft, version=stale.current.version)
        return show_again(request, draft, caller, form, conflict=conflict, status=409)
    return redirect("calls:desk") if call else show_again(request, draft, caller, form)


def enter(
    request: HttpRequest,
    draft: CallDraft,
    caller: CallerForm,
    form: CallForm,
    question: Question | None,
    now: datetime,
) -> Call:
    values = entry.values_for_contact(caller, form) if caller.describes_somebody() else None
    record = entry.record_of(caller, form, draft)
    call = enter_call(draft=draft, values=values, record=record, by=request.user, now=now)
    if question and call.contact:
        question.record(contact=call.contact, by=request.user, now=now)
    return call


def show_again(
    request: HttpRequest, draft: CallDraft, caller: CallerForm, form: CallForm, status: int = 200, **more: Any
) -> HttpResponse:
    return render(request, "calls/draft.html", page_context(request, draft, caller, form, **more), status=status)


@require_POST
@requires("calls.add_call")
def call_undo(request: HttpRequest, uid: UUID) -> HttpResponse:
    call = get_object_or_404(Call.objects.filter(specialist=request.user), uid=uid)
    try:
        draft = undo_call(call=call, by=request.user, now=clock.now())
    except TooLateToUndo:
        messages.error(request, _("It is too late to undo this. You can correct the call instead."))
        return redirect("calls:correct", uid=call.uid)
    messages.success(request, _("Call %(ref)s was undone. Nothing was sent.") % {"ref": call.ref})
    return redirect("calls:draft", uid=draft.uid)
