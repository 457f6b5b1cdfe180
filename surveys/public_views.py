"""The page behind the link of a survey: no account, no cookie, no script; nothing is kept before the end (R-SRV-03).

Whose the link is cannot be told here, and nothing of who sends is looked at but, of wrong links, how many come from one
place (decision 0022). The token is the proof, so the form needs no other.
"""

from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from audit.actor import current
from i2a import clock
from i2a.limits import is_over
from i2a.public_pages import language_of, sealed, speaking, switch
from surveys.ballots.answering import AlreadyAnswered, SurveyClosed, cast, closed_on, ticket_of
from surveys.ballots.sheet import questions_of
from surveys.ballots.turns import Page, Turn, first_turn, next_turn
from surveys.models import Survey, Ticket

MOST_GUESSES = 30  # links that nobody was sent, from one address in a quarter of an hour
PAGES = {
    Page.QUESTION: "public/survey.html",
    Page.STOPPED: "public/survey_stopped.html",
    Page.LEFT: "public/survey_left.html",
    Page.SENT: "public/survey_sent.html",
}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def answer_survey(request: HttpRequest) -> HttpResponse:
    ticket = ticket_of(request.GET.get("t", ""))
    language = language_of(request)
    with speaking(language):
        response = answer(request, ticket) if ticket else unknown_link(request)
    return sealed(response, language)


def answer(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    if ticket.used:  # type: ignore[attr-defined]  # as `ticket_of` found it
        return show_end(request, ticket.survey)
    closed = closed_on(ticket.survey, clock.now())
    if closed:
        return show_end(request, ticket.survey, closed)
    questions = questions_of(ticket.survey)
    turn = next_turn(questions, request.POST) if request.method == "POST" else first_turn(questions)
    if turn.page != Page.SENT:
        return show(request, ticket.survey, turn)
    try:
        cast(ticket=ticket, answers=turn.sheet.answers(), now=clock.now())
    except (AlreadyAnswered, SurveyClosed):  # by the same form sent twice, or at the stroke of midnight
        return show_end(request, ticket.survey, closed_on(ticket.survey, clock.now()))
    return show(request, ticket.survey, turn)


def show(request: HttpRequest, survey: Survey, turn: Turn, **more: object) -> HttpResponse:
    """Where the `turn` leads; also for colleagues who try a survey out, who say `more`."""
    return render(request, PAGES[turn.page], told(request, survey) | {"turn": turn, **more})


def show_end(request: HttpRequest, survey: Survey, closed: date | None = None) -> HttpResponse:
    """It was answered with this link, or is `closed`."""
    return render(request, "public/survey_over.html", told(request, survey) | {"closed": closed}, status=410)


def told(request: HttpRequest, survey: Survey) -> dict[str, object]:
    return {"survey": survey, "is_on_phone": "phone" in request.GET} | switch(request)


def unknown_link(request: HttpRequest) -> HttpResponse:
    """A link that we know is answered always, whoever guessed before from the same address."""
    guessed = is_over("survey-unknown", current().ip, most=MOST_GUESSES, seconds=15 * 60)
    return render(request, "public/survey_unknown.html", switch(request), status=429 if guessed else 404)
