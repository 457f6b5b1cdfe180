"""A survey tried by those who write it, as on a phone. Nothing is sent and nothing is kept (R-SRV-03)."""

from typing import Any
from uuid import UUID

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from audit.models import AccessEvent
from audit.services import record_access
from i2a.permissions import requires
from i2a.public_pages import language_of, speaking, switch
from surveys.ballots.sheet import questions_of
from surveys.ballots.turns import Page, first_turn, next_turn
from surveys.models import Survey
from surveys.public_views import show
from surveys.views import loaded

WAYS = {
    "lang=en": gettext_lazy("English"),
    "lang=fr": gettext_lazy("French"),
    "lang=en&phone=1": gettext_lazy("Read aloud on the phone"),
}
FRAMED = {"demo": False}  # the banner of a demonstration stands on the page around the frame


@require_GET
@requires("surveys.view_survey")
def survey_try(request: HttpRequest, uid: UUID) -> HttpResponse:
    survey = loaded(request, uid)
    if not survey.questions.exists():
        return nothing_to_try(request, survey)
    record_access(kind=AccessEvent.Kind.VIEWED, object_type="surveys.survey", object_uid=survey.uid)
    way = request.GET.urlencode()
    way = way if way in WAYS else "lang=en"
    context: dict[str, Any] = {
        "survey": survey,
        "ways": [(f"?{code}", label, code == way) for code, label in WAYS.items()],
        "frame_url": f"{reverse('surveys:try_frame', args=[survey.uid])}?{way}",
    }
    return render(request, "surveys/try.html", context)


def nothing_to_try(request: HttpRequest, survey: Survey) -> HttpResponse:
    messages.info(request, _("Add a question first."))
    return redirect(survey)


@csrf_exempt  # the form is that of the people asked, who have no session; nothing is kept of what is sent
@require_http_methods(["GET", "POST"])
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
@requires("surveys.view_survey")
def survey_try_frame(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What the people asked see, question by question."""
    survey = loaded(request, uid)
    questions = questions_of(survey)
    if not questions:
        return nothing_to_try(request, survey)
    turn = next_turn(questions, request.POST) if request.method == "POST" else first_turn(questions)
    with speaking(language_of(request)):
        if turn.page in {Page.SENT, Page.LEFT}:
            over = {"answers": len(turn.sheet.answers()), **switch(request), **FRAMED}
            return render(request, "surveys/try_over.html", over)
        return show(request, survey, turn, **FRAMED)
