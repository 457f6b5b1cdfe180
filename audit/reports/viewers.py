"""Who opened the most contacts, against the median of all who opened any (R-AUD-02)."""

from dataclasses import dataclass
from statistics import median
from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from audit.models import AccessEvent
from audit.reports.asked import AskForm
from audit.reports.seen_most import counted
from audit.reports.topics import WHOLE
from audit.reports.views import form_of, record_reading
from i2a.permissions import requires

MOST = 10
TOO_FAR_RIGHT = 0.7  # of the picture: the words of the median stand before its line
OFTEN = 3  # times the median: the bar stands out


@dataclass(frozen=True)
class Viewer:
    """`share`: of the longest bar, in per cent; `times`: how many times the median."""

    person: Any
    opened: int
    people: int
    share: float
    times: float
    url: str

    @property
    def is_often(self) -> bool:
        return self.times > OFTEN


@require_GET
@requires(WHOLE)
def top_viewers(request: HttpRequest) -> HttpResponse:
    form = form_of(request)
    asked = form.asked
    counts = counted(asked.start, asked.until)
    middle = median(opened for _pk, opened, _people in counts) if counts else 0
    viewers = told(form, counts[:MOST], middle)
    record_reading(AccessEvent.Kind.REPORT_VIEWED, form, len(viewers), view="viewers")
    context = {
        "form": form,
        "viewers": viewers,
        "median": middle,
        "median_share": middle / counts[0][1] * 100 if counts else 0,
        "is_label_left": bool(counts) and middle > counts[0][1] * TOO_FAR_RIGHT,
        "readers": len(counts),
        "days": form.active()[-1][0],
    }
    return render(request, "audit/viewers.html", context)


def told(form: AskForm, counts: list[tuple[int, int, int]], middle: float) -> list[Viewer]:
    users = get_user_model()._default_manager.in_bulk([pk for pk, _opened, _people in counts])
    most = counts[0][1] if counts else 1
    days = {name: form.cleaned_data[name] for name in ["since", "until"] if form.cleaned_data.get(name)}
    return [
        Viewer(
            users[pk],
            opened,
            people,
            opened / most * 100,
            opened / middle,
            f"{reverse('audit:entries')}?{urlencode({'who': users[pk].uid, 'did': 'viewed', **days})}",
        )
        for pk, opened, people in counts
    ]
