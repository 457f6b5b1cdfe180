"""Asking for access, authorising, executing: one page a request, one address a step."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access import words
from access.forms.requests import RefuseForm, RequestForm
from access.models import AccessRequest, User
from access.roles import PERMISSIONS, Role
from access.services import requests
from access.services.grants import is_owner, owner_at
from access.trained import is_valid
from audit.models import AccessEvent
from audit.services import record_access
from i2a import clock
from i2a.constraints import message_for, saved
from i2a.permissions import OutOfReach, requires


@require_GET
@requires("access.request_access")
def request_list(request: HttpRequest) -> HttpResponse:
    rows = AccessRequest.objects.visible_to(request.user).select_related(
        "user", "team", "requested_by", "authorised_by", "executed_by"
    )
    waiting, done = list(rows.open().order_by("requested_at", "pk")), rows.exclude(pk__in=rows.open())
    record_access(kind=AccessEvent.Kind.LISTED, object_type="access.accessrequest", detail={"count": len(waiting)})
    context = {
        "waiting": waiting,
        "done": done.order_by("-requested_at", "-pk")[:50],
        "owner": owner_at(clock.now()),
    }
    return render(request, "access/requests.html", context)


@require_http_methods(["GET", "POST"])
@requires("access.request_access")
def new(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    chosen = User.objects.filter(uid=as_uuid(request.GET.get("person", ""))).first()
    form = RequestForm(request.POST or None, by=request.user, now=now, person=chosen)
    if request.method == "POST" and form.is_valid():
        asked = saved(form, lambda: try_to(form, lambda: ask(request, form)))
        if asked:
            messages.success(request, _("Asked. The system owner decides next."))
            return redirect(asked)
    roles = [(role, words.may_and_may_not(PERMISSIONS[role])[0]) for role in Role]
    return render(request, "access/request_new.html", {"form": form, "roles": roles})


def ask(request: HttpRequest, form: RequestForm) -> AccessRequest:
    now = clock.now()
    before = AccessRequest.objects.filter(requested_by=request.user, form_uuid=form.what["form_uuid"]).first()
    if before is not None:
        return before
    user = form.cleaned_data["person"] or requests.add_person(**form.person_facts, now=now)
    return requests.ask(user=user, by=request.user, now=now, **form.what)  # type: ignore[arg-type]


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def try_to(form: Any, step: Callable[[], Any]) -> Any:
    """The step's result; None when a rule refused it, whose words then stand beside the role."""
    try:
        return step()
    except requests.Refused as refusal:
        form.add_error("role", refusal.message)  # the only rule at this step: they hold it in that period
        return None


@require_GET
@requires("access.request_access")
def request_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    asked = load(request, uid)
    record_access(kind=AccessEvent.Kind.VIEWED, object_type="access.accessrequest", object_uid=asked.uid)
    return show(request, asked)


def load(request: HttpRequest, uid: UUID) -> AccessRequest:
    rows = AccessRequest.objects.select_related("user", "team", "requested_by", "authorised_by", "executed_by")
    asked = rows.visible_to(request.user).filter(uid=uid).first()
    if asked is None:
        raise OutOfReach
    return asked


def show(
    request: HttpRequest, asked: AccessRequest, *, refused: str = "", refuse_form: RefuseForm | None = None
) -> HttpResponse:
    now = clock.now()
    user: Any = request.user
    status = asked.status
    may, _may_not = words.may_and_may_not(PERMISSIONS[asked.role])
    context = {
        "asked": asked,
        "refused": refused,
        "may": may,
        "is_trained": is_valid(asked.user, clock.today()),
        "refuse_form": refuse_form or RefuseForm(),
        "owner": owner_at(now),
        "may_authorise": status == "requested" and user.has_perm("access.authorise_access") and is_owner(user, now),
        "may_execute": status in {"requested", "authorised"} and user.has_perm("access.execute_access"),
        "may_withdraw": status in {"requested", "authorised"} and asked.requested_by == user,
        "may_record_training": user.has_perm("access.record_training"),
    }
    return render(request, "access/request.html", context)


def take_step(request: HttpRequest, uid: UUID, step: Callable[..., Any], done: str, **more: Any) -> HttpResponse:
    """One step of one request; what a rule refuses is said on its page."""
    asked = load(request, uid)
    try:
        with transaction.atomic():
            step(request=asked, by=request.user, now=clock.now(), **more)
    except requests.Refused as refusal:
        return show(request, asked, refused=str(_(refusal.message)))  # type: ignore[arg-type]
    except requests.NotOwner:
        raise PermissionDenied from None
    except requests.DecidedAlready:
        return show(request, load(request, uid), refused=_("Somebody decided about this meanwhile."))
    except IntegrityError as error:
        return show(request, asked, refused=message_for(error))
    messages.success(request, done)
    return redirect(asked)


@require_POST
@requires("access.authorise_access")
def authorise(request: HttpRequest, uid: UUID) -> HttpResponse:
    return take_step(request, uid, requests.authorise, _("Authorised. The access administrator executes it next."))


@require_POST
@requires("access.authorise_access")
def refuse(request: HttpRequest, uid: UUID) -> HttpResponse:
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return show(request, load(request, uid), refuse_form=form)
    return take_step(request, uid, requests.refuse, _("Refused."), reason=form.cleaned_data["reason"])


@require_POST
@requires("access.execute_access")
def execute(request: HttpRequest, uid: UUID) -> HttpResponse:
    return take_step(request, uid, requests.execute, _("Executed. The access counts from now on."))


@require_POST
@requires("access.request_access")
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    if load(request, uid).requested_by != request.user:
        raise PermissionDenied
    return take_step(request, uid, requests.withdraw, _("Withdrawn."))
