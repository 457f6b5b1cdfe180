"""Somebody else answers: one follow-up, all of one's own, all of somebody who left (R-FUP-05)."""

from datetime import datetime, time
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from access.models import User
from contacts.opening import asks_purpose
from followups import handing_over, queue
from followups.action_views import over
from followups.forms import HandOverAllForm, HandOverForm
from followups.loading import CHANGE, load, record_showing
from followups.models import FollowUp, FollowUpQuerySet
from followups.rows import FollowUpNotOpen
from i2a import clock
from i2a.clock import EDMONTON
from i2a.permissions import requires


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
@asks_purpose
def follow_up_hand_over(request: HttpRequest, uid: UUID) -> HttpResponse:
    follow_up, now = load(request, uid), clock.now()
    form = HandOverForm(request.POST or None, team=follow_up.team, but=follow_up.assigned_to, now=now)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        try:
            handing_over.hand_over(follow_up=follow_up, to=to)
        except FollowUpNotOpen:
            return over(request, follow_up)
        except handing_over.MayNotSeeCaller:
            form.add_error("to", _("The record of this caller is closed to this colleague."))
        else:
            messages.success(request, _("Handed over to %(colleague)s.") % {"colleague": to})
            return redirect("followups:list")
    record_showing(request, follow_up)
    return render(request, "followups/hand_over.html", {"follow_up": follow_up, "form": form})


@require_http_methods(["GET", "POST"])
@requires(CHANGE)
def follow_ups_hand_over(request: HttpRequest) -> HttpResponse:
    """All of one's own, or those due before one is back."""
    assert request.user.is_authenticated  # LoginRequiredMiddleware; tells mypy
    mine = FollowUp.objects.visible_to(request.user).open().assigned_to(request.user)
    form = HandOverAllForm(request.POST or None, team=request.user.team, but=request.user, now=clock.now())
    if request.method == "POST" and form.is_valid():
        back_on, due = form.cleaned_data["back_on"], mine
        if back_on:
            due = mine.filter(due_at__lt=datetime.combine(back_on, time(0), tzinfo=EDMONTON))
        if handed_over(request, due, form):
            return redirect("followups:list")
    return render(request, "followups/hand_over_all.html", {"form": form, "count": mine.count()})


@require_http_methods(["GET", "POST"])
@requires(handing_over.REASSIGN)
def follow_ups_hand_over_of(request: HttpRequest, uid: UUID) -> HttpResponse:
    """All of somebody who leaves, or whose access ended. Those of callers one may not see stay (R-FUP-05)."""
    person = get_object_or_404(User.objects.select_related("team"), uid=uid)
    theirs = FollowUp.objects.visible_to(request.user).open().assigned_to(person)
    count = theirs.count()
    if not count:
        raise Http404
    form = HandOverForm(request.POST or None, team=person.team, but=person, now=clock.now())
    if request.method == "POST" and form.is_valid() and handed_over(request, theirs, form):
        return redirect(f"{reverse('followups:list')}?view={queue.View.LEFT}")
    hidden = FollowUp.objects.open().assigned_to(person).count() - count
    context = {"form": form, "count": count, "person": person, "hidden": hidden}
    return render(request, "followups/hand_over_all.html", context)


def handed_over(request: HttpRequest, follow_ups: FollowUpQuerySet, form: HandOverForm) -> bool:
    to = form.cleaned_data["to"]
    try:
        count = handing_over.hand_over_all(follow_ups=follow_ups, to=to)
    except handing_over.MayNotSeeCaller:
        form.add_error("to", _("The record of one of these callers is closed to this colleague."))
        return False
    said = ngettext("%(count)s follow-up", "%(count)s follow-ups", count) % {"count": count}
    messages.success(request, _("%(said)s handed over to %(colleague)s.") % {"said": said, "colleague": to})
    return True
