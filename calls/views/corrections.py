"""Who needs the correction: everybody who got a wrong version, what becomes of each, and one button (N30)."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from audit.models import AccessEvent
from audit.services import record_access
from calls.forms.library import CorrectionForm
from calls.models import DocumentVersion
from calls.services import corrections as services
from calls.services.corrections import Receiver, Standing
from calls.views.library import loaded, version_or_404
from contacts.models import Contact
from i2a import clock
from i2a.permissions import requires
from outbox.rendering import wordings_in_force, write

SHOWN = 100  # of each standing


@require_http_methods(["GET", "POST"])
@requires("calls.manage_library")
def correction(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    document = loaded(request, uid)
    wrong = version_or_404(document, number)
    if wrong.wrong_at is None:
        raise Http404
    receivers = services.receivers_of(wrong)
    form = CorrectionForm(request.POST or None, initial={"words": wrong.wrong_because})
    if request.method == "POST" and form.is_valid():
        try:
            count = send(wrong, form.cleaned_data, request.user)
        except (services.NothingToCorrect, services.NobodyNeedsIt):
            form.add_error(None, form.NOBODY)
        else:
            queued = ngettext("%(n)d correction is queued.", "%(n)d corrections are queued.", count)
            messages.success(request, queued % {"n": count})
            return redirect("library:correction", uid, number)
    detail = {"count": len(receivers), "version": number}
    record_access(
        kind=AccessEvent.Kind.LISTED, object_type="calls.sentdocument", object_uid=document.uid, detail=detail
    )
    told = {"document": document, "wrong": wrong, "form": form, "groups": groups_of(receivers, request.user)}
    return render(request, "library/correction.html", told | counted(receivers) | mail_about(wrong))


def send(wrong: DocumentVersion, said: dict[str, Any], by: Any) -> int:
    others_because = said["others_because"] if said["includes_others"] else ""
    return services.send_correction(
        wrong=wrong, words=said["words"], others_because=others_because, by=by, now=clock.now()
    )


def counted(receivers: list[Receiver]) -> dict[str, int]:
    counts = Counter(receiver.standing for receiver in receivers)
    return {
        "needs": counts[Standing.NEEDS],
        "asks_reason": counts[Standing.ASKS_REASON],
        "total": len(receivers),
    }


def mail_about(wrong: DocumentVersion) -> dict[str, Any]:
    """The right version, the mail with it, and the mails that were sent before."""
    right = services.right_version(wrong)
    return {
        "right": right,
        "written": preview(wrong, right) if right else None,
        "corrections": services.corrections_of(wrong),
    }


def preview(wrong: DocumentVersion, right: DocumentVersion) -> str:
    message = services.preview_of(wrong, right, wrong.wrong_because)
    return write(message, wordings_in_force(clock.now())).text


def groups_of(receivers: list[Receiver], user: Any) -> list[dict[str, Any]]:
    """By standing: whom this user may see, and how many more there are. All of them get the mail."""
    people = {receiver.contact.pk for receiver in receivers}
    visible = set(Contact.objects.visible_to(user).filter(pk__in=people).values_list("pk", flat=True))
    groups = []
    for standing in Standing:
        of_it = [receiver for receiver in receivers if receiver.standing == standing]
        shown = [receiver for receiver in of_it if receiver.contact.pk in visible][:SHOWN]
        if of_it:
            label = standing.label
            groups.append({"label": label, "count": len(of_it), "shown": shown, "more": len(of_it) - len(shown)})
    return groups
