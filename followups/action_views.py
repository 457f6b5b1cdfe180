"""Acting on one follow-up."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access.teams import NoTeam
from contacts.choices import Language
from contacts.merging import surviving
from contacts.models import Contact
from contacts.opening import asks_purpose, record_opening
from followups import attempts, pausing
from followups.answering import answer_by_email
from followups.clock_face import Bars
from followups.forms import AnswerForm, PauseForm, PlanForm
from followups.future_contact import NotAgreed, check_still_agreed, plan_future_contact
from followups.loading import CHANGE, load, record_showing
from followups.models import Attempt, FollowUp
from followups.queue import Row, row_of
from followups.row_actions import drawer_for
from followups.rows import FollowUpNotOpen
from followups.selectors import calendar_of
from i2a import clock
from i2a.permissions import get_permitted, may, requires
from outbox.services import InformationRefused


@require_GET
@requires("followups.view_followup")
@asks_purpose
def follow_up_show(request: HttpRequest, uid: UUID) -> HttpResponse:
    follow_up = load(request, uid, "followups.view_followup")
    record_showing(request, follow_up)
    may_change = may(request.user, CHANGE)
    context = {
        "follow_up": follow_up,
        "row": shown_open(request, follow_up, may_change=may_change) if follow_up.is_open else None,
        "pauses": follow_up.pauses.select_related("paused_by").order_by("started_at"),
        "attempts": follow_up.attempts.select_related("by").order_by("number"),
        "may_change": may_change,
    }
    return render(request, "followups/detail.html", context)


def shown_open(request: HttpRequest, follow_up: FollowUp, *, may_change: bool) -> Row:
    now, calendar = clock.now(), calendar_of(request)
    actions = drawer_for(request).actions_of(follow_up) if may_change else ""
    return row_of(follow_up, now, calendar, Bars.at(now, calendar), actions)


@require_http_methods(["GET", "POST"])
@requires("outbox.send_information")
@asks_purpose
def follow_up_email(request: HttpRequest, uid: UUID) -> HttpResponse:
    assert request.user.is_authenticated  # LoginRequiredMiddleware; tells mypy
    follow_up = load(request, uid)
    if follow_up.contact is None or not follow_up.is_open:
        return over(request, follow_up)
    form = AnswerForm(request.POST or None, contact=follow_up.contact, is_promotion=bool(follow_up.purpose))
    if request.method == "POST" and form.is_valid():
        try:
            check_still_agreed(follow_up, now=clock.now())
            answer_by_email(
                follow_up=follow_up,
                text=form.cleaned_data["text"],
                language=Language(form.cleaned_data["language"]),
                by=request.user,
                now=clock.now(),
            )
        except NotAgreed as refusal:
            return no_longer_agreed(request, refusal)
        except InformationRefused as refusal:
            form.add_error(None, str(refusal))
        except FollowUpNotOpen:
            return over(request, follow_up)
        else:
            messages.success(request, _("Answer on its way. Follow-up closed."))
            return redirect("followups:list")
    record_showing(request, follow_up)
    return render(request, "followups/email.html", {"follow_up": follow_up, "form": form})


@require_POST
@requires(CHANGE)
def follow_up_attempt(request: HttpRequest, uid: UUID) -> HttpResponse:
    """ "Left a message" and "Not reached", one click each."""
    assert request.user.is_authenticated  # LoginRequiredMiddleware; tells mypy
    follow_up, result = load(request, uid), request.POST.get("result")
    if result not in Attempt.Result.values:
        return redirect(follow_up)
    try:
        follow_up = attempts.record_attempt(
            follow_up=follow_up, result=Attempt.Result(result), by=request.user, now=clock.now()
        )
    except FollowUpNotOpen:
        return over(request, follow_up)
    except attempts.EnoughAttempts:
        messages.error(request, _("Three attempts were made. Close it as not reached, or hand it over."))
    else:
        messages.success(request, _("Attempt %(number)s of 3 recorded.") % {"number": follow_up.attempts_made})
    return redirect(follow_up)


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
@asks_purpose
def follow_up_pause(request: HttpRequest, uid: UUID) -> HttpResponse:
    assert request.user.is_authenticated  # LoginRequiredMiddleware; tells mypy
    follow_up = load(request, uid)
    form = PauseForm(request.POST or None, contact=follow_up.contact)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            pausing.pause_follow_up(follow_up=follow_up, reason=reason, by=request.user, now=clock.now())
        except FollowUpNotOpen:
            return over(request, follow_up)
        except pausing.AlreadyPaused:
            form.add_error(None, _("This follow-up is paused already."))
        except pausing.TooLateToPause:
            form.add_error(None, _("It is late already. Answer it, or hand it over."))
        else:
            messages.success(request, _("Paused. The clock stands still until you resume it."))
            return redirect("followups:list")
    record_showing(request, follow_up)
    return render(request, "followups/pause.html", {"follow_up": follow_up, "form": form})


@require_POST
@requires(CHANGE)
def follow_up_resume(request: HttpRequest, uid: UUID) -> HttpResponse:
    follow_up = load(request, uid)
    try:
        pausing.resume_follow_up(follow_up=follow_up, now=clock.now())
    except FollowUpNotOpen:
        return over(request, follow_up)
    except pausing.NotPaused:
        messages.info(request, _("The clock was running already."))
    else:
        messages.success(request, _("The clock runs on. Its due time moved by the service time of the pause."))
    return redirect(follow_up)


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
@asks_purpose
def future_contact_plan(request: HttpRequest, uid: UUID) -> HttpResponse:
    assert request.user.is_authenticated  # LoginRequiredMiddleware; tells mypy
    contacts = Contact.objects.active()
    contact = get_permitted(contacts, request.user, "contacts.change_contact", uid=surviving(uid))
    form = PlanForm(request.POST or None, contact=contact)
    if request.method == "POST" and form.is_valid():
        try:
            plan_future_contact(contact=contact, **form.cleaned_data, by=request.user, now=clock.now())
        except NotAgreed as refusal:
            form.add_error(*why_not(refusal))
        except NoTeam:
            form.add_error(None, _("You belong to no team yet. Ask your team lead."))
        else:
            messages.success(request, _("Planned. It appears in your follow-ups, and consent is asked again that day."))
            return redirect(contact)
    record_opening(request, contact)
    return render(request, "followups/plan.html", {"contact": contact, "form": form})


def why_not(refusal: NotAgreed) -> tuple[str | None, str]:
    """The field it is about, if any, and the words."""
    if refusal.reason == refusal.reason.DO_NOT_CONTACT:
        return None, _("This client asked not to be contacted. No outbound contact can be planned.")
    words = _("They have not agreed to be contacted about this in this way: %(reason)s.")
    return "purpose", words % {"reason": refusal.reason.label}


def no_longer_agreed(request: HttpRequest, refusal: NotAgreed) -> HttpResponse:
    said = _("Nothing was sent: %(reason)s. The follow-up was cancelled.")
    messages.error(request, said % {"reason": refusal.reason.label})
    return redirect("followups:list")


def over(request: HttpRequest, follow_up: Any) -> HttpResponse:
    """Somebody closed or cancelled it meanwhile, or there is nobody to write to."""
    messages.error(request, _("This follow-up is over, or nobody can be written to. Nothing was changed."))
    return redirect(follow_up)
