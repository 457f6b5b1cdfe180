"""Surveys as tests need them."""

from uuid import uuid4

from surveys.ballots import tokens
from surveys.ballots.tickets import write_tickets
from surveys.models import Survey
from tests.factories import ChoiceFactory, QuestionFactory, SurveyFactory


def survey_to_answer(**values: object) -> Survey:
    """Open, with one question of each kind; the first one wants an answer."""
    survey = SurveyFactory(is_open=True, ref=new_ref(), intro_en="Five short questions.", **values)
    ask_of_each_kind(survey)
    write_tickets(survey)
    return survey


def new_ref() -> str:
    return f"S-{uuid4().hex[:10]}"


def ask_of_each_kind(survey: Survey) -> None:
    ends = {"low_en": "Very hard", "high_en": "Very easy", "low_fr": "Très difficile", "high_fr": "Très facile"}
    QuestionFactory(survey=survey, position=1, is_required=True, **ends)
    got = {"text_en": "Did you get the information you called about?", "text_fr": "Avez-vous été renseigné ?"}
    ChoiceFactory.create_batch(2, question=QuestionFactory(survey=survey, position=2, kind="choice", **got))
    about = {"text_en": "What did you call about?", "text_fr": "De quoi s’agissait-il ?"}
    ChoiceFactory.create_batch(3, question=QuestionFactory(survey=survey, position=3, kind="several", **about))
    QuestionFactory(survey=survey, position=4, kind="nps", text_en="Would you recommend us?", text_fr="Recommander ?")
    QuestionFactory(survey=survey, position=5, kind="text", text_en="What else?", text_fr="Autre chose ?")


def unused_link(survey: Survey, number: int = 1) -> str:
    return tokens.path_of(tokens.phone_token(survey, number))
