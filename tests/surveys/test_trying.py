"""A survey is tried as on a phone: the page of the people asked, and nothing is kept (R-SRV-03)."""

import pytest
from django.urls import reverse

from surveys.ballots.sheet import field_name
from surveys.models import Response
from tests.factories import QuestionFactory, SurveyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client, team_lead):
    client.force_login(team_lead)
    return client


@pytest.fixture
def survey():
    survey = SurveyFactory()
    QuestionFactory(survey=survey, position=1)
    QuestionFactory(survey=survey, position=2, kind="text", text_en="What else?", text_fr="Quoi d'autre ?")
    return survey


def frame(survey, query="lang=en"):
    return f"{reverse('surveys:try_frame', args=[survey.uid])}?{query}"


@pytest.mark.parametrize(
    ("query", "way"),
    [("", "lang=en"), ("lang=fr", "lang=fr"), ("lang=en&phone=1", "lang=en&amp;phone=1"), ("lang=xx", "lang=en")],
)
def test_the_page_frames_the_survey_in_the_way_chosen(lead, survey, query, way):
    page = lead.get(f"{reverse('surveys:try', args=[survey.uid])}?{query}").text

    assert f'src="{reverse("surveys:try_frame", args=[survey.uid])}?{way}"' in page
    assert reverse("surveys:try", args=[survey.uid]) in lead.get(survey.get_absolute_url()).text


def test_only_pages_of_ours_may_frame_it(lead, survey):
    response = lead.get(frame(survey))

    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]


def test_the_banner_of_a_demonstration_stands_around_the_frame_not_in_it(lead, survey, settings):
    settings.I2A_DEMO = True

    assert "demo-banner" not in lead.get(frame(survey)).text
    assert "demo-banner" not in lead.post(frame(survey), {"place": "0", "go": "leave"}).text


def test_it_is_in_the_language_chosen(lead, survey):
    assert "A-t-il été facile de nous joindre ?" in lead.get(frame(survey, "lang=fr")).text


def test_it_goes_from_question_to_question_and_keeps_nothing(lead, survey):
    first, second = map(field_name, survey.questions.all())
    page = lead.post(frame(survey), {"place": "0", "go": "next", first: "4"}).text
    assert "What else?" in page and f'name="{first}" value="4"' in page

    over = lead.post(frame(survey), {"place": "1", "go": "next", first: "4", second: "More hours"}).text
    assert "2 answers were given. Nothing was sent and nothing was kept." in over
    assert not Response.objects.exists()


def test_without_a_question_there_is_nothing_to_try(lead):
    survey = SurveyFactory()

    for address in [reverse("surveys:try", args=[survey.uid]), frame(survey)]:
        assert "Add a question first." in lead.get(address, follow=True).text
