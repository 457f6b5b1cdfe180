"""What the phone system would post, at the press of a button (R-TST-01)."""

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from access.teams import NoTeam
from audit.actor import acting_as_system
from calls.services.missed_calls import number_of, take_missed_call
from calls.services.ringing import ring
from followups.calendar import NoOpenDay
from i2a import clock
from i2a.permissions import SIGNED_IN, requires


class CallerForm(forms.Form):
    caller = forms.CharField(
        label=gettext_lazy("Number of the caller"),
        initial="403-555-0190",
        max_length=40,
        error_messages={"required": gettext_lazy("Type a phone number.")},
    )

    def clean_caller(self) -> str:
        number = number_of(self.cleaned_data["caller"])
        if not number:
            raise forms.ValidationError(_("No phone number looks like this."))
        return number


@require_http_methods(["GET", "POST"])
@requires(SIGNED_IN)
def phone(request: HttpRequest) -> HttpResponse:
    form = CallerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        post = ring_here if "ring" in request.POST else miss
        if said := post(request, form):
            messages.success(request, said)
            return redirect("demo_phone:phone")
    return render(request, "demo/phone.html", {"form": form})


def miss(_request: HttpRequest, form: CallerForm) -> str:
    """What to say; "" when the form says why not."""
    now = clock.now()
    try:
        with acting_as_system("phone"):
            take_missed_call(event_id=f"demo-{uuid4()}", at=now, caller=form.cleaned_data["caller"], now=now)
    except (NoTeam, NoOpenDay):
        form.add_error(None, _("No team has the line, or no day has service hours."))
        return ""
    return _("A missed call was posted. It waits among the follow-ups that nobody has.")


def ring_here(request: HttpRequest, form: CallerForm) -> str:
    now, extension = clock.now(), request.user.extension  # type: ignore[union-attr]
    if not extension:
        form.add_error(None, _("Your pages belong to no phone yet. Give your extension on the call desk first."))
        return ""
    with acting_as_system("phone"):
        ring(event_id=f"demo-{uuid4()}", at=now, caller=form.cleaned_data["caller"], extension=extension, now=now)
    return _("It rings at your desk: in three seconds at the top of this page, and of every other one.")
