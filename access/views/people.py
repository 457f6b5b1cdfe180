"""One person's access in plain words, and taking it away."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from access import leaving, words
from access.forms.register import AsAtForm, EndForm
from access.leaving import Left, StillNeeded
from access.models import AccessGrant, AccessRequest, User
from access.register import register_at
from access.register_page import is_near, object_grants_at, row_of
from access.selectors import holders_of
from access.services import grants, people
from access.steps import steps_of
from access.trained import State
from audit.models import AccessEvent
from audit.services import record_access
from i2a import clock
from i2a.permissions import SIGNED_IN, OutOfReach, requires

READING = "view_contact"


@require_GET
@requires(SIGNED_IN)
def mine(request: HttpRequest) -> HttpResponse:
    return show_person(request, request.user)  # type: ignore[arg-type]


@require_GET
@requires("access.view_register")
def person(request: HttpRequest, uid: UUID) -> HttpResponse:
    return show_person(request, person_in_reach(request, uid))


def person_in_reach(request: HttpRequest, uid: UUID) -> User:
    """:raises OutOfReach: somebody of another team, for who leads one."""
    user = get_object_or_404(User.objects.select_related("team"), uid=uid)
    if not request.user.has_perm("access.view_whole_register"):
        standing = register_at(clock.now()).get(user.pk)
        if standing is None or not is_near(standing, request.user):  # type: ignore[arg-type]
            raise OutOfReach
    return user


def show_person(request: HttpRequest, user: User, *, form: EndForm | None = None) -> HttpResponse:
    now = clock.now()
    at = AsAtForm(request.GET).moment(now)
    row = row_of(user, at)
    if row is None:
        raise Http404
    is_closed = row.training in {State.LAPSED, State.NEVER}
    held = words.of_roles(row.codes)
    may, may_not = words.may_and_may_not(words.while_untrained(held) if is_closed else held)
    record_access(kind=AccessEvent.Kind.VIEWED, object_type="access.user", object_uid=user.uid)
    may_act = at == now and user != request.user
    may_end = may_act and request.user.has_perm("access.end_access")
    context = {
        "row": row,
        "person": user,
        "at": at,
        "is_past": at < now,
        "is_self": user == request.user,
        "may": may,
        "may_not": may_not,
        "is_closed": is_closed and held != words.while_untrained(held),
        "grants": user.grants.open().order_by("starts_at", "pk") if may_end else [],
        "may_deactivate": may_act and user.is_active and request.user.has_perm("access.execute_access"),
        "left_by": left_by(request, user, now) if may_act else [],
        "form": form or EndForm(),
        "requests": AccessRequest.objects.filter(user=user).order_by("-requested_at", "-pk")[:20],
        "object_grants": object_grants_at(at).filter(user=user, permission=READING).order_by("-starts_at", "-pk"),
        "shows_reasons": request.user.has_perm("contacts.view_contact"),  # free text may name a caller (N17)
        "steps": steps_of(user, at)[:30],
        "may_request": request.user.has_perm("access.request_access"),
    }
    return render(request, "access/person.html", context)


def left_by(request: HttpRequest, user: User, now: datetime) -> list[tuple[Left, bool, list[User]]]:
    """What must be handed over first, whether the reader can do it, and who else can: for those who end access and
    those who reassign."""
    may_close = request.user.has_perm("access.execute_access")
    seen = []
    for left in leaving.left_by(user):
        may_do = request.user.has_perm(left.permission)
        if may_do or may_close:
            near = holders_of(left.permission, now).filter(Q(team=user.team_id) | Q(team__isnull=True))
            seen.append((left, may_do, [] if may_do else list(near.exclude(pk=user.pk)[:3])))
    return seen


@require_POST
@requires("access.end_access")
def end_grant(request: HttpRequest, uid: UUID) -> HttpResponse:
    grant = get_object_or_404(AccessGrant.objects.select_related("user"), uid=uid)
    form = EndForm(request.POST)
    if not form.is_valid():
        return show_person(request, grant.user, form=form)
    try:
        grants.end_grant(grant=grant, reason=form.cleaned_data["reason"], by=request.user, now=clock.now())  # type: ignore[arg-type]
    except grants.OwnerNeeded:
        form.add_error(None, _("The system owner's access ends by handing the ownership over."))
        return show_person(request, grant.user, form=form)
    said = {"role": grant.get_role_display(), "person": grant.user}
    messages.success(request, _("%(person)s is no longer %(role)s, and is signed out everywhere.") % said)
    return redirect(grant.user)


@require_POST
@requires("access.execute_access")
def deactivate(request: HttpRequest, uid: UUID) -> HttpResponse:
    user = get_object_or_404(User, uid=uid)
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            people.deactivate(user=user, reason=form.cleaned_data["reason"], by=request.user, now=clock.now())  # type: ignore[arg-type]
        except StillNeeded as left:
            for sentence in left.reasons:
                form.add_error(None, sentence)
        except people.Oneself:
            form.add_error(None, _("You cannot deactivate your own account."))
        except grants.OwnerNeeded:
            form.add_error(None, _("The system owner's access ends by handing the ownership over."))
        else:
            messages.success(request, _("The account of %(person)s is deactivated.") % {"person": user})
            return redirect(user)
    return show_person(request, user, form=form)
