"""The results of a survey: what is shown, and what is not before it has ended or of too few (R-SRV-04, D-14)."""

import csv
import re
from datetime import date, timedelta
from io import BytesIO, StringIO
from itertools import combinations, pairwise
from zipfile import ZipFile

import pytest
from django.urls import reverse

from audit.models import AccessEvent
from calls.models import Topic
from i2a import clock
from surveys.ballots.tickets import write_tickets
from surveys.models import Answer, AnswerRelease, Response
from tests.factories import ChoiceFactory, QuestionFactory, SurveyFactory

MONDAY = date(2026, 7, 6)


@pytest.fixture
def survey(db):
    return released(state="closed", ended_at=clock.now(), title="Service 2026")


@pytest.fixture
def open_survey(db):
    return released()


def released(**columns):
    survey = SurveyFactory(is_open=True, **columns)
    write_tickets(survey)
    return survey


@pytest.fixture
def rating(survey):
    return QuestionFactory(survey=survey, text_en="How would you rate the call?")


@pytest.fixture
def reader(client, team_lead):
    client.force_login(team_lead)
    return client


def answered(question, numbers, **where):
    for place, number in enumerate(numbers):
        response = Response.objects.create(
            survey=question.survey, answered_on=MONDAY + timedelta(weeks=place % 4), **where
        )
        Answer.objects.create(response=response, question=question, number=number)


def topic(name):
    return Topic.objects.get_or_create(name=name)[0]


def page(client, survey, query=""):
    return client.get(reverse("surveys:results", args=[survey.uid]) + query)


def test_an_average_a_share_and_how_they_are_counted(reader, survey, rating):
    answered(rating, [5] * 6 + [4] * 6 + [1] * 8)

    html = page(reader, survey).content.decode()

    assert "3.1" in html
    assert "60% chose 4 or 5" in html
    assert "20 people answered. Shares are of those who answered this question." in html
    assert "6 · 30%" in html


def test_a_rare_answer_is_counted_with_its_neighbour_on_every_page_and_in_every_file(reader, survey, rating):
    answered(rating, [5] * 9 + [4] * 7 + [2] * 3)

    for form in ("", "?as=print", "?as=csv"):
        text = page(reader, survey, form).content.decode()
        assert "1 to 4" in text
        assert "2 to 4" not in text
    assert "3 · 16%" not in page(reader, survey).content.decode()


def test_rare_answers_that_are_counted_together_are_not_the_most_frequent_one(reader, survey):
    question = QuestionFactory(survey=survey, kind="choice", text_en="Did you get it?")
    for words, people in (("Yes", 9), ("Partly", 8), ("No", 4), ("Waiting", 3)):
        choice = ChoiceFactory(question=question, text_en=words)
        for _person in range(people):
            response = Response.objects.create(survey=survey, answered_on=MONDAY)
            Answer.objects.create(response=response, question=question, choice=choice)

    html = page(reader, survey).content.decode()

    assert "No or Waiting" in html
    assert "38% say: Yes" in html
    assert '<li class="hot"><span>Yes</span>' in html
    assert html.count('class="hot"') == 1


def test_fewer_than_five_answers_show_nothing_but_that(reader, survey, rating):
    answered(rating, [5, 5, 1])

    html = page(reader, survey).content.decode()

    assert "&lt;5" in html
    assert "Fewer than 5 people answered" in html
    assert "chose" not in html


def test_nobody_answered(reader, survey, rating):
    assert "Nobody answered" in page(reader, survey).content.decode()


def test_while_it_is_open_only_the_rate_in_fives_is_shown(reader, open_survey):
    answered(QuestionFactory(survey=open_survey), [5] * 13)

    html = page(reader, open_survey).content.decode()

    assert "Answers are counted when it has closed" in html
    assert '<span class="fig">10</span>' in html
    assert "chose" not in html


def test_while_it_is_open_nobody_learns_when_the_first_one_answered(reader, open_survey):
    before = page(reader, open_survey).content.decode()
    answered(QuestionFactory(survey=open_survey), [5] * 4)
    after = page(reader, open_survey).content.decode()

    for html in (before, after):
        assert '<span class="fig">&lt;5</span>' in html


def test_a_topic_of_two_answers_shows_less_than_five(reader, survey, rating):
    permits, study, loans = topic("Permits"), topic("Study"), topic("Loans")
    answered(rating, [5] * 9 + [1] * 9, topic=permits)
    answered(rating, [5] * 6 + [1] * 6, topic=study)
    answered(rating, [5, 1], topic=loans)
    answered(rating, [5] * 5 + [1] * 5)

    html = page(reader, survey).content.decode()
    few = page(reader, survey, f"?topic={loans.pk}").content.decode()

    assert f"?topic={permits.pk}" in html
    assert f"?topic={loans.pk}" not in html
    assert 'Loans <span class="n">&lt;5 or hidden</span>' in html
    assert '<span class="fig">&lt;5 or hidden</span> <span class="delta">of 42 who answered</span>' in few
    assert "Too few people answered" in few
    assert "chose" not in few


NUMBER = re.compile(r'<c r="[BC]\d+" s="\d+"><v>(\d+)</v>')


def numbers_in(client, survey, query):
    """The counts of its file, by question and answer; and how many answered each question, from its definition."""
    counts, bases, cells, question = {}, {}, [], ""
    lines = list(csv.reader(StringIO(page(client, survey, f"?as=csv&{query}").content.decode("utf-8-sig"))))
    for before, line in pairwise(lines):
        if base := re.match(r"(\d+) people answered", line[0] if line else ""):
            question, bases[before[0]] = before[0], int(base[1])
        elif question and len(line) > 1 and line[1].isdigit():
            cells += line[1:]
            if len(line) == 3:  # else a share alone
                counts[question, line[0]] = int(line[1])
    sheet = ZipFile(BytesIO(page(client, survey, f"?as=xlsx&{query}").content)).read("xl/worksheets/sheet1.xml")
    assert NUMBER.findall(sheet.decode()) == cells
    return counts, bases


def test_no_file_and_no_difference_of_two_files_tells_of_a_topic_of_two(reader, survey, rating):
    permits, study, loans = topic("Permits"), topic("Study"), topic("Loans")
    choice = QuestionFactory(survey=survey, kind="choice", text_en="Did you get it?")
    yes, no = (ChoiceFactory(question=choice, text_en=words) for words in ("Yes", "No"))
    for where, size in ((permits, 18), (study, 12), (loans, 2), (None, 10)):
        for place in range(size):
            direction = "out" if place % 3 else "in"
            response = Response.objects.create(survey=survey, answered_on=MONDAY, topic=where, channel=direction)
            Answer.objects.create(response=response, question=rating, number=5 if place % 2 else 1)
            Answer.objects.create(response=response, question=choice, choice=yes if place % 2 else no)

    whole, whole_bases = numbers_in(reader, survey, "")
    told = {key: numbers_in(reader, survey, f"topic={key}") for key in (permits.pk, study.pk, loans.pk)}
    ways = {key: numbers_in(reader, survey, f"channel={key}") for key in ("in", "out")}

    assert told[loans.pk] == ({}, {})
    assert whole and told[permits.pk][0] and ways["in"][0]
    for parts in (told, ways):
        shown = [numbers for numbers, _bases in parts.values()]
        for cell, count in whole.items():
            of_parts = [numbers[cell] for numbers in shown if cell in numbers]
            for several in range(len(of_parts) + 1):
                for some in combinations(of_parts, several):
                    assert not 0 < count - sum(some) < 5, (cell, count, some)
            assert not any(0 < number < 5 for number in [count, *of_parts])
        for question, base in whole_bases.items():
            assert not 0 < base - sum(bases.get(question, 0) for _numbers, bases in parts.values()) < 5
    for query in ("", f"topic={permits.pk}", f"topic={loans.pk}", "channel=in"):
        for form in ("page", "print"):
            html = page(reader, survey, f"?as={form}&{query}").content.decode()
            assert not re.search(r">[1-4] · \d+%|<span class=\"n\">[1-4]</span>|>[1-4] people", html)


def test_a_topic_narrows_what_is_shown(reader, survey, rating):
    permits = topic("Permits")
    answered(rating, [5] * 9 + [1] * 6, topic=permits)
    answered(rating, [5] * 5 + [1] * 15)

    html = page(reader, survey, f"?topic={permits.pk}").content.decode()

    assert "60% chose 5" in html or "60% chose 4 or 5" in html


def test_a_made_up_filter_is_no_error(reader, survey, rating):
    answered(rating, [5] * 9 + [1] * 6, topic=topic("Permits"))

    assert page(reader, survey, "?topic=x%00&channel=%F0&as=zip").status_code == 200


def test_the_version_before_stands_beside_the_average(reader, survey, rating):
    later = released(state="closed", ended_at=clock.now(), previous=survey, edition=2)
    again = QuestionFactory(survey=later, key=rating.key, text_en=rating.text_en)
    answered(rating, [3] * 10)
    answered(again, [4] * 10)

    assert "average of 1 to 5, 3.0 in version 1" in page(reader, later).content.decode()


def test_several_choices_are_shares_of_people(reader, survey):
    question = QuestionFactory(survey=survey, kind="several", text_en="What should we do better?")
    sooner, slower = (
        ChoiceFactory(question=question, text_en="Sooner"),
        ChoiceFactory(question=question, text_en="=Slower"),
    )
    for place in range(20):
        response = Response.objects.create(survey=survey, answered_on=MONDAY)
        Answer.objects.create(response=response, question=question, choice=sooner)
        if place < 10:
            Answer.objects.create(response=response, question=question, choice=slower)

    html = page(reader, survey).content.decode()

    assert "20 · 100%" in html
    assert "10 · 50%" in html


def test_files_hold_no_formula_and_the_export_is_recorded(reader, survey, rating):
    survey.title = "=HYPERLINK(1)"
    survey.save()
    answered(rating, [5] * 6 + [4] * 6)

    lines = list(csv.reader(StringIO(page(reader, survey, "?as=csv").content.decode("utf-8-sig"))))
    sheet = page(reader, survey, "?as=xlsx")

    assert lines[0] == ["'=HYPERLINK(1)"]
    assert ["4", "6", "50"] in lines
    assert b"<f>" not in ZipFile(BytesIO(sheet.content)).read("xl/worksheets/sheet1.xml")
    assert sheet["Content-Disposition"] == f'attachment; filename="{survey.ref}.xlsx"'
    assert AccessEvent.objects.filter(kind="exported", object_uid=survey.uid).count() == 2


def test_fifteen_queries_are_enough_whatever_the_number_of_questions(
    reader, survey, rating, django_assert_max_num_queries
):
    for _question in range(5):
        answered(QuestionFactory(survey=survey), [5] * 5 + [4] * 5, topic=topic("Permits"))

    with django_assert_max_num_queries(26):  # 15, and 11 that every page of the staff asks
        page(reader, survey)


@pytest.fixture
def comment(survey):
    return commented(survey)


def commented(survey):
    question = QuestionFactory(survey=survey, kind="text", text_en="Anything else?")
    for _response in range(6):
        response = Response.objects.create(survey=survey, answered_on=MONDAY)
        Answer.objects.create(response=response, question=question, text="Call me: 780-555-0147")
    return Answer.objects.filter(question=question).order_by("pk").first()


@pytest.fixture
def screener(client, manager):
    client.force_login(manager)
    return client


def screen(client, survey, comment, **typed):
    return client.post(reverse("surveys:screening", args=[survey.uid]), {"comment": comment.pk, **typed}, follow=True)


def test_a_comment_is_shown_only_in_the_words_that_a_colleague_released(screener, survey, comment):
    waiting = screener.get(reverse("surveys:screening", args=[survey.uid])).content.decode()
    assert "a phone number" in waiting
    assert "780-555-0147" not in page(screener, survey).content.decode()

    screen(screener, survey, comment, words="Call me.")

    html = page(screener, survey).content.decode()
    assert "Call me." in html
    assert "780-555-0147" not in html


def test_a_social_insurance_number_is_never_released(screener, survey, comment):
    response = screen(screener, survey, comment, words="Mine is 046 454 286")

    assert "This looks like a Social Insurance Number. It must not be recorded." in response.content.decode()
    assert not AnswerRelease.objects.exists()


def test_a_comment_is_kept_back_and_the_first_decision_stays(screener, survey, comment):
    screen(screener, survey, comment, keep_back="1")
    response = screen(screener, survey, comment, words="Fine.")

    assert "A colleague has decided about that comment already." in response.content.decode()
    assert AnswerRelease.objects.get().is_released is False


def test_a_comment_may_be_left_for_later_and_comes_again_after_the_last_one(screener, survey, comment):
    address, seen = reverse("surveys:screening", args=[survey.uid]), []
    for _comment in range(7):
        page_of_one = screener.get(address + (f"?after={seen[-1]}" if seen else "")).content.decode()
        seen.append(re.search(r'name="comment" value="([0-9a-f-]{36})"', page_of_one)[1])

    assert len(set(seen)) == 6
    assert (seen[0], seen[6]) == (str(comment.pk), str(comment.pk))
    assert f"?after={comment.pk}" in page_of_one
    assert screener.get(f"{address}?after=nonsense%00").status_code == 200


def test_comments_wait_until_the_survey_has_ended(screener, open_survey):
    comment = commented(open_survey)
    waiting = screener.get(reverse("surveys:screening", args=[open_survey.uid])).content.decode()

    assert "Comments are read when the survey has closed." in waiting
    assert screen(screener, open_survey, comment, words="Fine.").status_code == 404
