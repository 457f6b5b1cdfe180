"""The demonstration's clock: look at a rule on any day of any year, and run at once what would run later (R-TST-01)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from redis.exceptions import RedisError

from i2a import clock
from i2a.celery import app
from i2a.permissions import SIGNED_IN, requires
from i2a.wall_time import say_full_day, say_time

FIRST_YEAR, LAST_YEAR = 2020, 2040


class ClockForm(forms.Form):
    at = forms.DateTimeField(
        label=gettext_lazy("Edmonton time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": gettext_lazy("Choose a day and a time."),
            "invalid": gettext_lazy("Write the day and the time like this: 2026-11-23 10:00."),
        },
    )
    stand_still = forms.BooleanField(label=gettext_lazy("Stand still at that time"), required=False)

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise forms.ValidationError(
                _("Choose a time between %(first)s and %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
            )
        return at


@require_http_methods(["GET", "POST"])
@requires(SIGNED_IN)
def clock_set(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    form = ClockForm(request.POST or None, initial={"at": now.astimezone(clock.EDMONTON)})
    if request.method == "POST" and form.is_valid():
        try:
            clock.set_demo_time(form.cleaned_data["at"], stand_still=form.cleaned_data["stand_still"])
        except (RedisError, OSError):
            form.add_error(None, _("The clock cannot be set: Redis does not answer. Start it and try again."))
        else:
            messages.success(request, _("It is now %(now)s in Edmonton.") % {"now": _say(clock.now())})
            return redirect("demo:clock")
    return render(request, "demo/clock.html", {"form": form, "now": now, "set_to": clock.demo_time()})


@require_POST
@requires(SIGNED_IN)
def clock_reset(request: HttpRequest) -> HttpResponse:
    try:
        clock.reset_demo_time()
    except (RedisError, OSError):
        messages.error(request, _("The clock cannot be set: Redis does not answer. Start it and try again."))
    else:
        messages.success(request, _("The clock shows the real time again."))
    return redirect("demo:clock")


@require_POST
@requires(SIGNED_IN)
@transaction.non_atomic_requests  # as in a worker: what a job commits must be seen by its other connections
def jobs_run(request: HttpRequest) -> HttpResponse:
    for result in run_scheduled_jobs():
        words = {"job": result.job, "seconds": f"{result.seconds:.2f}", "error": result.error}
        if result.error:
            messages.error(request, _("%(job)s failed after %(seconds)s s: %(error)s") % words)
        else:
            messages.success(request, _("%(job)s ran for %(seconds)s s.") % words)
    return redirect("demo:clock")


@dataclass(frozen=True)
class JobResult:
    """How one scheduled job went; `error` is empty when it went well."""

    job: str
    seconds: float
    error: str


def run_scheduled_jobs() -> Iterator[JobResult]:
    """Run every job that beat knows, here and now, one after the other. A failing job does not stop the next."""
    for job in [str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()]:
        started = perf_counter()
        error = run_job(job)
        yield JobResult(job, perf_counter() - started, error)


def run_job(name: str) -> str:
    """Here and now; what went wrong, or ""."""
    app.loader.import_default_modules()  # outside a worker nobody has imported the apps' tasks yet
    if name not in app.tasks:
        return _("no app has a job of this name.")
    outcome = app.tasks[name].apply()
    return "" if outcome.successful() else f"{type(outcome.result).__name__}: {outcome.result}"


def _say(at: datetime) -> str:
    return f"{say_full_day(at)}, {say_time(at)}"
