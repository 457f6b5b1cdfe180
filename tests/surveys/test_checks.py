"""Before you publish: what a survey still lacks, and where to mend it."""

import pytest

from surveys.editing.checks import missing
from tests.factories import ChoiceFactory, QuestionFactory, SurveyFactory
from tests.surveys.steps import draft

pytestmark = pytest.mark.django_db


def words(survey):
    return [lack.text for lack in missing(survey)]


def test_a_survey_without_a_question_is_not_ready():
    assert "It has no question." in words(SurveyFactory())


@pytest.mark.parametrize(
    ("values", "lack"),
    [
        ({"name_en": ""}, "It has no name in English."),
        ({"name_fr": ""}, "It has no name in French."),
        ({"intro_en": "Four questions."}, "The introduction has no French text."),
        ({"intro_fr": "Quatre questions."}, "The introduction has no English text."),
    ],
)
def test_its_words_stand_in_both_languages(values, lack):
    assert lack in words(SurveyFactory(**values))


@pytest.mark.parametrize(
    ("values", "lack", "field"),
    [
        ({"text_fr": ""}, "Question 1 has no French text.", "text_fr"),
        ({"low_en": "Bad"}, "Question 1 says in English only what its ends mean.", "low_fr"),
        ({"high_fr": "Bien"}, "Question 1 says in French only what its ends mean.", "high_en"),
        ({"kind": "several"}, "Question 1 needs at least two answers to choose from.", "choices_en"),
    ],
)
def test_each_question_says_what_it_lacks_and_where(values, lack, field):
    question = QuestionFactory(position=1, **values)

    assert [found.url.partition("#id_")[2] for found in missing(question.survey) if found.text == lack] == [field]


@pytest.mark.parametrize(
    ("values", "lack"),
    [
        ({"called_to": None}, "Nobody has said in which days they called."),
        ({"subject_en": ""}, "The invitation has no English text."),
        ({"text_fr": ""}, "The invitation has no French text."),
        ({"send_at": None}, "Nobody has said when the invitations leave."),
        ({"closes_on": None}, "Nobody has said when it closes."),
    ],
)
def test_the_invitation_has_its_words_and_its_days(values, lack):
    assert words(draft(**values)) == [lack]
    assert words(draft()) == []


def test_answers_to_choose_from_stand_in_both_languages():
    question = QuestionFactory(position=1, kind="choice")
    ChoiceFactory(question=question)
    ChoiceFactory(question=question, text_fr="")

    assert "Question 1 has answers without French." in words(question.survey)


def test_a_question_in_both_languages_lacks_nothing():
    assert not [lack for lack in words(QuestionFactory().survey) if "uestion" in lack]
