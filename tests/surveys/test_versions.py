"""What is published stays; a new version continues it (R-SRV-03)."""

import pytest
from django.urls import reverse

from i2a import clock
from surveys.models import Survey
from tests.factories import ChoiceFactory, QuestionFactory, SurveyFactory
from tests.surveys.steps import asked, caller, draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client, team_lead):
    client.force_login(team_lead)
    return client


@pytest.fixture
def open_survey(team_lead):
    survey = SurveyFactory(is_open=True, created_by=team_lead, remind_after=7)
    question = QuestionFactory(survey=survey, position=1, kind="choice")
    ChoiceFactory(question=question, text_en="Yes", text_fr="Oui")
    return survey


def renew(client, survey):
    client.post(reverse("surveys:new_version", args=[survey.uid]))
    return Survey.objects.latest("pk")


CHANGES = ["words", "question_new", "question", "arrange", "invitations_edit"]
ONLY_BY_A_NEW_VERSION = "A published survey changes only by a new version."


def page_to_change(survey, name):
    return reverse(f"surveys:{name}", args=[survey.uid, survey.questions.get().uid][: 1 + (name == "question")])


@pytest.mark.parametrize("name", CHANGES)
def test_a_published_survey_does_not_change_and_what_was_typed_stays(lead, open_survey, name):
    question = open_survey.questions.get()
    typed = {"title": "Other words", "text_en": "Other words {link}", "kind": "text"}
    posted = {**typed, "do": "remove", "question": question.uid, "version": 1}
    response = lead.post(page_to_change(open_survey, name), posted, follow=True)

    if name == "arrange":
        assert response.text.count(ONLY_BY_A_NEW_VERSION) == 1
    elif name.startswith("question"):
        assert "It was published meanwhile, so nothing was saved." in response.text
        assert "Other words {link}</textarea>" in response.text
    else:
        assert response.status_code == 409
        assert "Other words" in response.text and "This record is closed for changes." in response.text
    before, open_survey = open_survey, Survey.objects.get(pk=open_survey.pk)
    assert (open_survey.version, open_survey.title, open_survey.text_en) == (1, before.title, before.text_en)
    assert open_survey.questions.get().version == 1


@pytest.mark.parametrize("name", ["words", "question_new", "question", "invitations_edit"])
def test_the_page_of_a_published_survey_says_once_why_nothing_is_changed(lead, open_survey, name):
    page = lead.get(page_to_change(open_survey, name), follow=True)

    assert page.text.count(ONLY_BY_A_NEW_VERSION) == 1


def test_a_published_survey_offers_no_change(lead, open_survey):
    page = lead.get(open_survey.get_absolute_url()).text

    assert "New version" in page and "Add a question" not in page and "Before you publish" not in page


def test_a_new_version_has_the_same_questions_under_the_same_keys_and_no_days(lead, open_survey):
    draft = renew(lead, open_survey)

    old, new = open_survey.questions.get(), draft.questions.get()
    assert (draft.state, draft.edition, draft.previous, draft.remind_after) == ("draft", 2, open_survey, 7)
    assert (draft.send_on, draft.closes_on, draft.called_from) == (None, None, None)
    assert (new.key, new.text_fr, new.choices.get().key) == (old.key, old.text_fr, old.choices.get().key)
    assert new.uid != old.uid and open_survey.questions.count() == 1
    assert draft.ref in lead.get(open_survey.get_absolute_url()).text


def test_there_is_one_new_version(lead, open_survey):
    draft = renew(lead, open_survey)
    response = lead.post(reverse("surveys:new_version", args=[open_survey.uid]), follow=True)

    assert "There is a newer version already." in response.text
    assert response.redirect_chain[-1][0] == draft.get_absolute_url()
    assert Survey.objects.count() == 2


def test_a_draft_has_no_new_version(lead, team_lead):
    survey = SurveyFactory(created_by=team_lead)

    assert renew(lead, survey) == survey


def test_what_was_cancelled_before_it_left_is_written_anew_and_not_followed(lead, team_lead):
    survey = SurveyFactory(created_by=team_lead, state="cancelled", ended_at=clock.now(), ended_because="Too early")
    QuestionFactory(survey=survey)
    draft = renew(lead, survey)

    assert (draft.previous, draft.edition, draft.questions.count()) == (None, 1, 1)


@pytest.mark.parametrize("name", ["words", "question_new"])
def test_a_change_of_what_waits_for_approval_makes_it_a_draft_again(lead, team_lead, name):
    caller()
    survey = asked(draft(created_by=team_lead))
    assert "it is a draft again" in lead.get(survey.get_absolute_url()).text
    lead.post(
        reverse(f"surveys:{name}", args=[survey.uid]),
        {"title": "Other", "text_en": "Other", "kind": "text", "version": survey.version},
    )

    survey.refresh_from_db()
    assert (survey.state, survey.listed, survey.list_sha256, survey.asked_by) == ("draft", 0, "", None)
    assert not survey.invitations.exists() and survey.changed_by == team_lead
