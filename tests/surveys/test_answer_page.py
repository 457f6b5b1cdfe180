"""The page behind the link of a survey: question by question, without account, cookie or script (R-SRV-03)."""

import logging
import re
import time
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import cycle

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AccessEvent, LogEntry
from i2a.unlogged import NothingOfSurveys
from surveys import public_views
from surveys.ballots import tokens
from surveys.models import Answer, Question, Response
from surveys.results.comments import warnings_about
from tests.sending import FORM, encoded
from tests.surveys.to_answer import survey_to_answer
from tests.test_hostile_input import ENDLESS, HOSTILE, PATIENCE

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
LARGEST, MOST_QUERIES = 60_000, 8
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@pytest.fixture
def browser():
    """Of a stranger; it would be refused where a form needs a token of the session."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def survey(time_machine):
    time_machine.move_to(NOW)
    return survey_to_answer()


def link(survey, number=1, **query):
    return tokens.path_of(tokens.phone_token(survey, number)) + "".join(f"&{name}={query[name]}" for name in query)


def field(survey, position):
    return f"q{survey.questions.get(position=position).pk}"


def choices(survey, position):
    return [str(choice.pk) for choice in survey.questions.get(position=position).choices.all()]


def press(browser, survey, go, shown=None, **typed):
    """A button of the page that was shown, or of the first one."""
    sent = {"place": "0", **carried(shown), **typed}
    return browser.post(link(survey), sent | {"go": go})


def carried(shown):
    values = {}
    for name, value in HIDDEN.findall(shown.text) if shown else []:
        values.setdefault(name, []).append(value)
    return values


def walked(browser, survey):
    """The last question, everything before it answered."""
    several = choices(survey, 3)
    shown = press(browser, survey, "next", **{field(survey, 1): "4"})
    shown = press(browser, survey, "next", shown, **{field(survey, 2): choices(survey, 2)[1]})
    shown = press(browser, survey, "next", shown, **{field(survey, 3): several[1:]})
    return press(browser, survey, "next", shown, **{field(survey, 4): "0"})


# From question to question


def test_the_address_is_the_page(survey):
    assert reverse("survey_answer") == tokens.PATH
    assert tokens.link_of("x", "fr") == "http://127.0.0.1:8000/s/?t=x&lang=fr"


def test_every_kind_of_question_is_answered_and_kept(browser, survey):
    last = walked(browser, survey)
    thanks = press(browser, survey, "next", last, **{field(survey, 5): " Shorter  waiting\r\n\r\nPlease "})

    kept = {(answer.question.position, answer.number, answer.choice_id, answer.text) for answer in Answer.objects.all()}
    _first, second, third = (int(key) for key in choices(survey, 3))
    assert "Question 5 of 5" in last.text
    assert "Thank you" in thanks.text
    assert kept == {
        (1, 4, None, ""),
        (2, None, int(choices(survey, 2)[1]), ""),
        (3, None, second, ""),
        (3, None, third, ""),
        (4, 0, None, ""),
        (5, None, None, "Shorter  waiting\n\nPlease"),
    }


def test_the_name_and_the_introduction_stand_above_the_first_question(browser, survey):
    first = browser.get(link(survey))
    second = press(browser, survey, "next", **{field(survey, 1): "4"})

    assert ["Five short questions." in page.text for page in (first, second)] == [True, False]
    assert ["Your call to us" in page.text for page in (first, second)] == [True, False]


def test_an_answer_that_is_required_is_asked_for_in_words(browser, survey):
    page = press(browser, survey, "next")
    skipped = press(browser, survey, "skip")

    assert "Answer this question, or stop here." in page.text
    assert "Question 1 of 5" in page.text
    assert 'value="skip"' not in page.text
    assert "Answer this question, or stop here." in skipped.text


def test_a_question_may_be_skipped_and_its_answer_goes(browser, survey):
    shown = press(browser, survey, "next", **{field(survey, 1): "4"})
    after = press(browser, survey, "skip", shown, **{field(survey, 2): choices(survey, 2)[0]})

    assert "Question 3 of 5" in after.text
    assert field(survey, 2) not in carried(after)


def test_going_back_shows_what_was_answered(browser, survey):
    shown = press(browser, survey, "next", **{field(survey, 1): "4"})
    back = press(browser, survey, "back", shown)

    assert re.search(r'value="4" checked', back.text)
    assert "Question 1 of 5" in back.text


def test_the_other_language_keeps_link_question_and_answers(browser, survey):
    shown = press(browser, survey, "next", **{field(survey, 1): "4"})
    french = browser.post(
        link(survey, lang="fr"), {**carried(shown), "go": "stay", field(survey, 2): choices(survey, 2)[0]}
    )

    assert french.headers["Content-Language"] == "fr-ca"
    assert "Avez-vous été renseigné ?" in french.text
    assert carried(french)[field(survey, 1)] == ["4"]
    assert re.search(rf'value="{choices(survey, 2)[0]}" checked', french.text)


# Stopping


def test_stopping_sends_what_was_answered_so_far(browser, survey):
    shown = press(browser, survey, "next", **{field(survey, 1): "4"})
    stop = press(browser, survey, "stop", shown)
    thanks = press(browser, survey, "part", stop)

    assert "Send what I have answered" in stop.text
    assert "Thank you" in thanks.text
    assert [answer.number for answer in Answer.objects.all()] == [4]


def test_leaving_keeps_nothing_and_the_link_works_again(browser, survey):
    shown = press(browser, survey, "next", **{field(survey, 1): "4"})
    left = press(browser, survey, "leave", press(browser, survey, "stop", shown))

    assert "Nothing was sent" in left.text
    assert not Response.objects.exists()
    assert browser.get(link(survey)).status_code == 200


def test_a_colleague_who_stops_reading_aloud_goes_back_to_the_desk(browser, survey):
    left = browser.post(link(survey, phone=1), {"go": "leave"})

    assert "They count as asked" in left.text and "Back to the call desk" in left.text
    assert "You can use your link again" not in left.text


def test_after_stopping_one_may_go_on(browser, survey):
    shown = press(browser, survey, "next", **{field(survey, 1): "4"})
    again = press(browser, survey, "stay", press(browser, survey, "stop", shown))

    assert "Question 2 of 5" in again.text
    assert carried(again)[field(survey, 1)] == ["4"]


def test_who_answered_nothing_sends_nothing(browser, survey):
    Question.objects.filter(survey=survey).update(is_required=False)

    page = press(browser, survey, "skip", place="4")

    assert "You have answered no question yet" in page.text
    assert "Send what I have answered" not in page.text
    assert not Response.objects.exists()


# The ends


def test_a_link_that_was_used_says_so(browser, survey):
    press(browser, survey, "part", **{field(survey, 1): "4"})

    answers = [browser.get(link(survey)), press(browser, survey, "part", **{field(survey, 1): "1"})]

    for answer in answers:
        assert answer.status_code == 410
        assert "This survey has already been answered. Thank you." in answer.text
    assert [answer.number for answer in Answer.objects.all()] == [4]


def test_a_closed_survey_names_its_day(browser, survey, time_machine):
    time_machine.move_to(NOW + timedelta(days=15))

    answers = [browser.get(link(survey)), press(browser, survey, "part", **{field(survey, 1): "4"})]

    for answer in answers:
        assert answer.status_code == 410
        assert "This survey closed on 9 Dec 2026." in answer.text
    assert not Response.objects.exists()


def test_an_unknown_link_is_answered_kindly_and_guessing_is_slowed_down(browser, survey):
    first = browser.get(f"{tokens.PATH}?t={'0' * tokens.LENGTH}")
    for _guess in range(public_views.MOST_GUESSES):
        last = browser.get(f"{tokens.PATH}?t=guess")

    assert (first.status_code, last.status_code) == (404, 429)
    assert "This link is not valid." in first.text
    assert browser.get(link(survey)).status_code == 200


# Bad input


@pytest.mark.parametrize("position", [1, 2, 3, 4])
def test_an_answer_that_is_none_is_refused_next_to_the_question(browser, survey, position):
    for wrong in ["11", "-1", "x", "0" if position == 1 else "999999"]:
        page = press(browser, survey, "next", place=str(position - 1), **{field(survey, position): wrong})

        assert "Choose one of these answers." in page.text
        assert f"Question {position} of 5" in page.text


def test_what_belongs_to_no_question_of_the_survey_is_not_kept(browser, survey):
    other = survey_to_answer()
    forged = {"q0": "4", "q99999999": "4", field(other, 1): "5", field(other, 5): "Words", "number": "3", "topic": "1"}
    own, foreign = choices(survey, 3), choices(other, 3)
    page = press(browser, survey, "part", **forged, **{field(survey, 1): ["1", "4"], field(survey, 3): [*own, *own]})

    assert "Thank you" in page.text
    kept = Response.objects.get()
    assert (kept.survey, kept.channel, kept.topic) == (survey, "", None)
    assert sorted(kept.answers.values_list("question__position", "number", "choice")) == [
        (1, 4, None),
        *((3, None, int(key)) for key in own),
    ]
    typed = {"place": "2", field(other, 1): "4", field(other, 3): [foreign[0], own[0]]}
    refused = browser.post(link(other), {**typed, "go": "part"})
    assert "Choose one of these answers." in refused.text
    assert Response.objects.count() == 1


@pytest.mark.parametrize("place", ["5", "-1", "1e9", "٣", "9" * 5000, ""])
@pytest.mark.parametrize("go", ["next", "back", "send", ""])
def test_a_made_up_place_is_the_first_question(browser, survey, place, go):
    page = press(browser, survey, go, place=place)

    assert page.status_code == 200
    assert "Question 1 of 5" in page.text


def test_own_words_may_have_2000_characters(browser, survey):
    page = press(browser, survey, "next", place="4", **{field(survey, 1): "4", field(survey, 5): "x" * 2001})

    assert "Shorten this to 2000 characters; it has 2001." in page.text
    assert "x" * 2001 in page.text
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("en", "046 454 286", "This looks like a Social Insurance Number. It must not be recorded."),
        ("fr", "046-454-286", "Ceci ressemble à un numéro d’assurance sociale. Il ne doit pas être consigné."),
        ("en", "4111 1111 1111 1111", "This looks like a payment card number. It must not be recorded."),
    ],
)
def test_a_number_of_identity_is_refused_and_what_was_typed_stays(browser, survey, caplog, language, number, words):
    typed = {field(survey, 1): "4", field(survey, 5): f"Mine is {number}."}
    with caplog.at_level(logging.INFO):
        last = browser.post(link(survey, lang=language), {"place": "4", "go": "next", **typed})
        part = browser.post(link(survey, lang=language), {"place": "1", "go": "part", **typed})

    for page in (last, part):
        assert re.search(rf'role="alert"[^>]*>{words}<', page.text)
        assert f"Mine is {number}.</textarea>" in page.text
    assert number not in caplog.text
    assert not Response.objects.exists()


def test_what_only_may_be_a_number_of_identity_is_left_to_those_who_screen(browser, survey):
    words = "My passport is AB123456."
    press(browser, survey, "part", **{field(survey, 1): "4", field(survey, 5): words})

    assert warnings_about(Answer.objects.get(text=words)) == ["a passport number"]


def test_what_travelled_along_is_looked_at_again_before_it_is_kept(browser, survey):
    page = press(browser, survey, "part", place="3", **{field(survey, 1): "77", field(survey, 4): "9"})

    assert "Question 1 of 5" in page.text
    assert "Choose one of these answers." in page.text
    assert not Response.objects.exists()


def test_nothing_that_is_typed_breaks_the_page(browser, survey):
    names = ["place", "go", *(field(survey, position) for position in range(1, 6))]
    odd = list(zip([*HOSTILE.values(), *ENDLESS.values()], cycle(names)))
    for value, name in [*odd, *((value, field(survey, 5)) for value in HOSTILE.values())]:
        good = {"place": b"4", "go": b"next", field(survey, 1): b"4"}
        body, begun = encoded((good | {name: value}).items()), time.process_time()
        assert browser.generic("POST", link(survey, 2), body, content_type=FORM).status_code < 500, (value[:20], name)
        assert browser.get(f"{tokens.PATH}?{encoded([('t', value[:3000]), ('lang', value[:3000])])}").status_code < 500
        assert time.process_time() - begun < PATIENCE, (value[:20], name)


# What is kept of the visit


def test_every_page_is_small_and_cheap_and_leaves_no_trace(browser, survey):
    before = AccessEvent.objects.count(), LogEntry.objects.count()
    for send in [lambda: browser.get(link(survey)), lambda: walked(browser, survey)]:
        page = send()
        assert not page.cookies
        assert len(page.content) < LARGEST
        assert page.headers["Referrer-Policy"] == "no-referrer"
    with CaptureQueriesContext(connection) as looking:
        browser.get(link(survey))
    with CaptureQueriesContext(connection) as sending:
        press(browser, survey, "part", **{field(survey, 1): "4"})

    asked = [[query["sql"].split()[0] for query in queries] for queries in (looking, sending)]
    assert max(sum(verb not in ("SAVEPOINT", "RELEASE") for verb in verbs) for verbs in asked) <= MOST_QUERIES
    assert set(asked[0]) <= {"SELECT", "SAVEPOINT", "RELEASE"}
    assert (AccessEvent.objects.count(), LogEntry.objects.count()) == before


def test_no_log_line_has_the_token_or_an_answer(browser, survey, caplog):
    with caplog.at_level(logging.DEBUG):
        press(browser, survey, "part", **{field(survey, 1): "4", field(survey, 5): "Zanzibar"})
        browser.get(link(survey))

    said = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert tokens.phone_token(survey, 1) not in said
    assert "Zanzibar" not in said


@pytest.fixture
def console(monkeypatch):
    """What the server writes down, as it is set up."""
    handlers = logging.getLogger().handlers
    handler = next(one for one in handlers if any(isinstance(each, NothingOfSurveys) for each in one.filters))
    monkeypatch.setattr(handler, "stream", StringIO())
    return handler


def test_an_answer_that_breaks_a_rule_of_the_database_is_recorded_nowhere(browser, survey, monkeypatch):
    def broken(**answer):
        raise IntegrityError

    monkeypatch.setattr(public_views, "cast", broken)

    response = press(browser, survey, "part", **{field(survey, 1): "4"})

    assert response.status_code == 409
    assert not AccessEvent.objects.exists()


def test_the_log_has_no_line_of_a_link_used_twice_cut_off_or_stuffed(browser, survey, console, settings):
    press(browser, survey, "part", **{field(survey, 1): "4"})
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    sent = [
        browser.get(link(survey)),
        browser.get(f"{tokens.PATH}?t=cut"),
        browser.put(link(survey)),
        browser.post(link(survey, 2), {"go": "next", "place": "x" * 2000}),
        browser.get(link(survey).replace("/s/", "/s")),
    ]

    assert [answer.status_code for answer in sent] == [410, 404, 405, 400, 301]
    assert console.stream.getvalue() == ""
    browser.get("/elsewhere/")
    assert "Not Found: /elsewhere/" in console.stream.getvalue()
