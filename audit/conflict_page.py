"""Somebody else saved first: the page that shows both (R-CAL-11). See templates/conflict.html."""

from typing import Any

from django.db import models
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from audit.history import last_change
from i2a import clock
from i2a.conflicts import Difference


def on_top(request: HttpRequest, current: Any) -> QueryDict:
    """What was sent, as if it had been typed over `current`: saving it again is no conflict any more."""
    data = request.POST.copy()
    data["version"] = str(current.version)
    return data


def show_conflict(
    request: HttpRequest,
    template: str,
    *,
    current: models.Model,
    conflicts: list[Difference],
    form: BaseForm,
    back_url: str,
    is_final: bool = False,
    **more: Any,
) -> HttpResponse:
    """`current` is what is saved now, `form` what was sent, on top of it. `is_final`: nothing can be saved any more.
    `more`: what else the template reads."""
    changed_by, changed_at = last_change(current) or ("I2A", clock.now())
    context = {
        "changed_by": changed_by,
        "changed_at": changed_at,
        "conflicts": conflicts,
        "form": form,
        "is_final": is_final,
        "action": request.path,
        "back_url": back_url,
        **more,
    }
    return render(request, template, context, status=409)
