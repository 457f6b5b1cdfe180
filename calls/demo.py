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
from followups.calendar import NoOpenDay
from i2a import clock
from i2a.permissions import SIGNED_IN, requires


class MissedCallForm(forms.Form):
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
def missed_call(request: HttpRequest) -> HttpResponse:
    form = MissedCallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            with acting_as_system("phone"):
                take_missed_call(event_id=f"demo-{uuid4()}", at=now, caller=form.cleaned_data["caller"], now=now)
        except (NoTeam, NoOpenDay):
            form.add_error(None, _("No team has the line, or no day has service hours."))
        else:
            messages.success(request, _("A missed call was posted. It waits among the follow-ups that nobody has."))
            return redirect("demo_phone:missed_call")
    return render(request, "demo/phone.html", {"form": form})
