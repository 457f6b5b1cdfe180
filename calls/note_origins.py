"""The note of a call, on the pages of notes."""

from django.urls import reverse
from django.utils.translation import gettext as _

from calls.choices import CallStatus
from calls.models import Call
from contacts.note_pages import Origin, register_origin


def register() -> None:
    register_origin("calls", calls_of)


def calls_of(notes: list[int]) -> dict[int, Origin]:
    calls = Call.objects.filter(note__in=notes).values_list("note_id", "ref", "uid", "status")
    return {
        note: Origin(
            (_("Call %(ref)s, voided") if status == CallStatus.VOIDED else _("Call %(ref)s")) % {"ref": ref},
            reverse("calls:detail", args=[uid]),
        )
        for note, ref, uid, status in calls
    }
