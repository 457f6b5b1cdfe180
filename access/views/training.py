"""Privacy training: the report, one person's courses, the owner's extension."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access.forms.training import ExtendForm, TrainingForm, WithdrawForm
from access.models import TrainingExtension, TrainingRecord, User
from access.register_page import rows_at
from access.services import training
from access.services.grants import is_owner
from access.services.requests import NotOwner
from access.trained import REMIND_DAYS, state_of
from access.views.people import person_in_reach
from audit.models import AccessEvent
from audit.services import record_access
from i2a import clock
from i2a.constraints import saved
from i2a.permissions import SIGNED_IN, requires

ORDER = ["never", "lapsed", "due", "valid"]


@require_GET
@requires("access.view_register")
def report(request: HttpRequest) -> HttpResponse:
    """Everybody with a role or an account, those first who need a course."""
    rows = [row for row in rows_at(clock.now(), request.user) if row.is_active or row.roles]
    rows.sort(key=lambda row: (ORDER.index(row.training), row.trained_until or clock.today()))
    counts = {state: sum(row.training == state for row in rows) for state in ORDER}
    record_access(kind=AccessEvent.Kind.LISTED, object_type="access.trainingrecord", detail={"count": len(rows)})
    return render(request, "access/training.html", {"rows": rows, "counts": counts})


@require_GET
@requires(SIGNED_IN)
def mine(request: HttpRequest) -> HttpResponse:
    """Always open, also after a lapse (N16)."""
    return show(request, request.user)  # type: ignore[arg-type]


@require_http_methods(["GET", "POST"])
@requires("access.view_register")
def of_person(request: HttpRequest, uid: UUID) -> HttpResponse:
    user = person_in_reach(request, uid)
    form = None
    if request.method == "POST":
        if not request.user.has_perm("access.record_training"):
            raise PermissionDenied
        form = TrainingForm(request.POST, today=clock.today())
        if form.is_valid() and saved(form, lambda: record(request, user, form)):
            messages.success(request, _("Recorded."))
            return redirect("access:training_of", user.uid)
    return show(request, user, form=form)


def record(request: HttpRequest, user: User, form: TrainingForm) -> TrainingRecord:
    return training.record_training(user=user, by=request.user, now=clock.now(), **form.cleaned_data)  # type: ignore[arg-type]


def show(
    request: HttpRequest, user: User, *, form: TrainingForm | None = None, extend_form: ExtendForm | None = None
) -> HttpResponse:
    user = User.objects.get(pk=user.pk)
    today, is_self = clock.today(), user == request.user
    state = state_of(user.trained_until, today)
    left = (user.trained_until - today).days if user.trained_until else None
    may_extend = not is_self and state != "never" and left is not None and left <= REMIND_DAYS[1]
    context: dict[str, Any] = {
        "person": user,
        "is_self": is_self,
        "state": state,
        "records": user.training.select_related("course", "recorded_by").order_by("-completed_on", "-pk"),
        "extensions": user.training_extensions.select_related("authorised_by").order_by("-until"),
        "form": form or TrainingForm(today=today),
        "extend_form": extend_form or ExtendForm(),
        "withdraw_form": WithdrawForm(),
        "may_record": not is_self and request.user.has_perm("access.record_training"),
        "may_extend": may_extend and is_owner(request.user, clock.now()),
    }
    record_access(kind=AccessEvent.Kind.VIEWED, object_type="access.trainingrecord", object_uid=user.uid)
    return render(request, "access/training_of.html", context)


@require_POST
@requires("access.authorise_access")
def extend(request: HttpRequest, uid: UUID) -> HttpResponse:
    user = person_in_reach(request, uid)
    form = ExtendForm(request.POST)
    if form.is_valid():
        try:
            if saved(form, lambda: extended(request, user, form)):
                messages.success(request, _("Extended."))
                return redirect("access:training_of", user.uid)
        except NotOwner:
            raise PermissionDenied from None
        except TrainingExtension.DoesNotExist:
            form.add_error(None, _("There is no training to extend. A course is needed."))
    return show(request, user, extend_form=form)


def extended(request: HttpRequest, user: User, form: ExtendForm) -> TrainingExtension:
    return training.extend_training(user=user, by=request.user, now=clock.now(), **form.cleaned_data)  # type: ignore[arg-type]


@require_POST
@requires("access.record_training")
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    entry = get_object_or_404(TrainingRecord.objects.select_related("user"), uid=uid)
    if entry.user == request.user:
        raise PermissionDenied
    form = WithdrawForm(request.POST)
    if form.is_valid():
        training.withdraw_training(record=entry, reason=form.cleaned_data["reason"], now=clock.now())
        messages.success(request, _("The record is withdrawn."))
    else:
        messages.error(request, _("Say why this record is withdrawn."))
    return redirect("access:training_of", entry.user.uid)
