"""The pages of a call: how a browser opens and corrects them, what they complain about and leave behind."""

from datetime import UTC, datetime

from django.urls import reverse

from audit.models import AccessEvent
from calls.forms.correct import CorrectForm
from calls.models import Call

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
TOO_LONG = "x" * 10_000


def page(client, name, call, status=200, **query):
    response = client.get(reverse(f"calls:{name}", args=[call.uid]), query)
    assert response.status_code == status
    return response.content.decode()


def entries(call, **changes):
    """What the browser sends when the form was opened and only `changes` were typed; None removes an answer."""
    form = CorrectForm(call=Call.objects.get(pk=call.pk))
    sent = {
        "version": str(form.initial["version"]),
        "note_version": str(form.initial["note_version"]),
        "seen": form.initial["seen"],
        **form.saved(),
    }
    sent |= changes
    return {name: value for name, value in sent.items() if value is not None}


def correct(client, call, data=None, **changes):
    sent = entries(call, **changes) if data is None else data
    return client.post(reverse("calls:correct", args=[call.uid]), sent)


def seen(kind, object_type):
    return AccessEvent.objects.filter(kind=kind, object_type=object_type)


def errors_of(response):
    """What stands beside the fields of the call page."""
    assert response.status_code == 200
    forms = response.context["caller"], response.context["form"]
    return {name: list(errors) for form in forms for name, errors in form.errors.items()}
