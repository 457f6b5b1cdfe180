"""Phone to verify an e-mail address: the number, what came back, and the one form that mends it (R-INF-02)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from calls.forms.verifying import VerifyForm
from calls.services.verifying import record_verification
from contacts.models import Contact
from contacts.opening import asks_purpose
from contacts.services.contacts import StaleVersion
from followups.loading import record_showing
from followups.models import FollowUp
from followups.services import FollowUpNotOpen, StaleFollowUp
from i2a import clock
from i2a.permissions import get_permitted, requires


@require_http_methods(["GET", "POST"])
@requires("calls.add_call")
@asks_purpose
def verify(request: HttpRequest, uid: UUID) -> HttpResponse:
    follow_ups = FollowUp.objects.filter(kind=FollowUp.Kind.VERIFY_EMAIL).select_related("contact", "completed_by")
    follow_up = get_permitted(follow_ups, request.user, "calls.add_call", uid=uid)
    may_change = Contact.objects.changeable_by(request.user).filter(pk=follow_up.contact_id).exists()
    form = VerifyForm(request.POST or None, follow_up=follow_up)
    status = 200
    if request.method == "POST" and may_change and form.is_valid():
        try:
            record_verification(follow_up=follow_up, **form.cleaned_data, by=request.user, now=clock.now())
        except (StaleVersion, StaleFollowUp):
            form.add_error(None, _("Somebody changed this contact or follow-up meanwhile. Open the page again."))
            status = 409
        except FollowUpNotOpen:
            follow_up.refresh_from_db()
            status = 409
        else:
            messages.success(request, _("The address is written down and the same documents are sent again."))
            return redirect(follow_up.contact)
    record_showing(request, follow_up)
    return render(request, "calls/verify.html", page(follow_up, form, may_change=may_change), status=status)


def page(follow_up: FollowUp, form: VerifyForm, *, may_change: bool) -> dict[str, Any]:
    verifications = follow_up.verifications.select_related("message__content", "resent").order_by("pk")
    waiting = sum(verification.resent_id is None for verification in verifications)
    label = ngettext("Send again", "Send all %(count)s again", waiting) % {"count": waiting}
    return {
        "follow_up": follow_up,
        "contact": follow_up.contact,
        "verifications": verifications,
        "attempts": follow_up.attempts.select_related("by").order_by("number"),
        "form": form,
        "may_change": may_change,
        "send_label": label,
    }
