"""A survey is written: its words, its questions, their order (R-SRV-03)."""

import re

import pytest
from django.urls import reverse

from calls.models import Topic
from surveys.history import history_of
from surveys.models import Question, Survey
from tests.factories import ChoiceFactory, QuestionFactory, SurveyFactory, UserFactory

pytestmark = pytest.mark.django_db

TYPED = {"title": "Service 2026", "name_en": "Your call", "name_fr": "Votre appel"}
CHOICE = {
    "text_en": "Did you get it?",
    "text_fr": "L'avez-vous obtenu ?",
    "kind": "choice",
    "choices_en": "Yes\nSome\nNo",
    "choices_fr": "Oui\nEn partie\nNon",
}


@pytest.fixture
def lead(client, team_lead):
    client.force_login(team_lead)
    return client


@pytest.fixture
def survey(team_lead):
    return SurveyFactory(created_by=team_lead)


def add(client, survey, **typed):
    return client.post(reverse("surveys:question_new", args=[survey.uid]), {**CHOICE, **typed})


def change(client, question, **typed):
    question.refresh_from_db()
    address = reverse("surveys:question", args=[question.survey.uid, question.uid])
    return client.post(address, {**CHOICE, "version": question.version, **typed})


def arrange(client, survey, do, question=None, **headers):
    posted = {"do": do, "question": question.uid if question else ""}
    return client.post(reverse("surveys:arrange", args=[survey.uid]), posted, headers=headers)


def texts(survey):
    return [(question.position, question.text_en) for question in survey.questions.all()]


def three(survey):
    return [QuestionFactory(survey=survey, position=place, text_en=text) for place, text in enumerate("ABC", start=1)]


def test_a_draft_begins_with_a_title(lead):
    response = lead.post(reverse("surveys:new"), {**TYPED, "name_fr": ""})

    survey = Survey.objects.get()
    assert response.url == survey.get_absolute_url()
    assert (survey.state, survey.ref[:2], survey.edition) == ("draft", "S-", 1)
    page = lead.get(response.url).text
    assert "No question yet" in page and "It has no name in French." in page
    assert "Service 2026" in lead.get(reverse("surveys:list")).text


def test_the_same_form_sent_twice_makes_one_survey(lead):
    for _click in range(2):
        lead.post(reverse("surveys:new"), {**TYPED, "form_uuid": "6f0d5b5e-1111-4222-8333-444455556666"})

    assert Survey.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": " "}, "Give it a title."),
        ({"title": "For 046 454 286"}, "This looks like a Social Insurance Number. It must not be recorded."),
        ({"name_en": "x" * 121}, "Shorten this to 120 characters; it has 121."),
        ({"intro_fr": "a\u202eb"}, "This contains characters that are not allowed."),
    ],
)
def test_what_is_wrong_with_the_words_stands_beside_the_field(lead, typed, words):
    response = lead.post(reverse("surveys:new"), {**TYPED, **typed})

    assert response.status_code == 200
    assert words in response.text and "Votre appel" in response.text


def test_a_question_is_added_at_the_end_with_its_answers(lead, survey):
    QuestionFactory(survey=survey, position=1)
    response = add(lead, survey)

    question = survey.questions.get(position=2)
    assert response.url.endswith(f"#q-{question.uid}")
    assert [(c.text_en, c.text_fr) for c in question.choices.all()] == [
        ("Yes", "Oui"),
        ("Some", "En partie"),
        ("No", "Non"),
    ]


def test_a_long_question_has_a_box_that_grows_and_is_one_line_all_the_same(lead, survey):
    add(lead, survey, text_en="Did you get\r\nthe information\nyou called about?")

    question = survey.questions.get()
    assert question.text_en == "Did you get the information you called about?"
    page = lead.get(reverse("surveys:question", args=[survey.uid, question.uid])).text
    assert re.search(r'<textarea name="text_en" [^>]*class="grows[^>]*data-i2a-count="200"', page)


def test_the_same_question_sent_twice_is_one(lead, survey):
    for _click in range(2):
        add(lead, survey, uid="6f0d5b5e-1111-4222-8333-444455556666")

    assert survey.questions.count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"text_en": " "}, "Write the question in English."),
        ({"text_fr": "x" * 201}, "Shorten this to 200 characters; it has 201."),
        ({"kind": ""}, "Choose how people answer."),
        ({"kind": "stars"}, "Choose from the list."),
        ({"choices_en": "Yes\nyes\nNo"}, "“yes” stands there twice."),
        ({"choices_en": "x" * 81}, "Shorten “xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…” to 80 characters."),
        ({"choices_en": "\n".join("abcdefghijklm"), "choices_fr": ""}, "At most 12 answers."),
        ({"choices_fr": "Oui\nNon"}, "3 in English, 2 in French. Write one line for each, in the same order."),
        ({"choices_en": ""}, "0 in English, 3 in French. Write one line for each, in the same order."),
        ({"kind": "scale", "low_en": "x" * 41}, "Shorten this to 40 characters; it has 41."),
    ],
)
def test_what_is_wrong_with_a_question_stands_beside_the_field(lead, survey, typed, words):
    response = add(lead, survey, **typed)

    assert response.status_code == 200
    assert words in response.text and not survey.questions.exists()
    assert "obtenu" in response.text or "text_fr" in typed


def test_a_draft_question_may_lack_its_french_and_its_answers(lead, survey):
    assert add(lead, survey, text_fr="", choices_en="", choices_fr="").status_code == 302

    page = lead.get(survey.get_absolute_url()).text
    assert "Question 1 has no French text." in page
    assert "Question 1 needs at least two answers to choose from." in page


def test_a_survey_has_at_most_fifteen_questions(lead, survey):
    for place in range(15):
        QuestionFactory(survey=survey, position=place + 1)

    response = add(lead, survey, text_en="The sixteenth?")
    assert "A survey has at most 15 questions. Remove one first." in response.text
    assert "The sixteenth?" in response.text
    assert survey.questions.count() == 15
    assert lead.get(reverse("surveys:question_new", args=[survey.uid])).url == survey.get_absolute_url()
    assert "It has 15 questions, the most a survey may have." in lead.get(survey.get_absolute_url()).text


def test_a_question_reworded_keeps_its_key_and_those_of_its_answers(lead, survey):
    question = QuestionFactory(survey=survey, kind="choice")
    yes, no = [ChoiceFactory(question=question, text_en=words).key for words in ["Yes", "No"]]
    change(lead, question, text_en="Did you get what you needed?", choices_en="No\nYes, all of it\nSome", choices_fr="")

    question.refresh_from_db()
    assert (question.text_en, question.key) == ("Did you get what you needed?", Question.objects.get().key)
    assert [choice.text_en for choice in question.choices.all()] == ["No", "Yes, all of it", "Some"]
    assert question.choices.get(text_en="No").key == no
    assert yes not in {choice.key for choice in question.choices.exclude(text_en="Yes, all of it")}


def test_another_way_of_answering_makes_another_question(lead, survey):
    question = ChoiceFactory(question__survey=survey).question
    change(lead, question, kind="nps", low_en="Never")

    key = question.key
    question.refresh_from_db()
    assert question.key != key and (question.kind, question.low_en) == ("nps", "Never")
    assert not question.choices.exists()


def test_two_who_change_one_question_see_both(lead, survey):
    question = QuestionFactory(survey=survey, kind="text")
    change(lead, question, kind="text", text_en="The first was faster")
    response = change(lead, question, kind="text", text_en="The second typed this", version=1)

    assert response.status_code == 409
    assert "The first was faster" in response.text and "The second typed this" in response.text
    assert 'name="version" value="2"' in response.text


def test_two_who_change_the_words_of_a_survey_see_both(lead, survey):
    address = reverse("surveys:words", args=[survey.uid])
    lead.post(address, {**TYPED, "title": "The first was faster", "version": 1})
    response = lead.post(address, {**TYPED, "title": "The second typed this", "version": 1})

    assert response.status_code == 409
    assert "The first was faster" in response.text and "The second typed this" in response.text


def test_who_changes_a_removed_question_is_told(lead, survey):
    question = QuestionFactory(survey=survey)
    address = reverse("surveys:question", args=[survey.uid, question.uid])
    question.delete()

    assert "Somebody removed this question." in lead.get(address, follow=True).text


def test_questions_move_by_one_place_and_stop_at_the_ends(lead, survey):
    first, second, third = three(survey)
    arrange(lead, survey, "up", third)
    arrange(lead, survey, "up", first)
    arrange(lead, survey, "down", second)

    assert texts(survey) == [(1, "A"), (2, "C"), (3, "B")]


def test_moving_answers_with_the_page_where_scripts_run(lead, survey):
    question = three(survey)[0]
    response = arrange(lead, survey, "down", question, hx_request="true")

    assert response.status_code == 200 and "Now it is question 2." in response.text
    assert response["HX-Push-Url"] == survey.get_absolute_url()


def test_a_removed_question_comes_back_where_it_was(lead, survey):
    question = three(survey)[1]
    ChoiceFactory(question=question, text_en="Yes")
    arrange(lead, survey, "remove", question)
    assert texts(survey) == [(1, "A"), (2, "C")]
    assert "Removed: B" in lead.get(survey.get_absolute_url()).text

    arrange(lead, survey, "restore")
    arrange(lead, survey, "restore")
    assert texts(survey) == [(1, "A"), (2, "B"), (3, "C")]
    back = survey.questions.get(position=2)
    assert (back.uid, back.key, back.choices.get().text_en) == (question.uid, question.key, "Yes")
    assert "Removed:" not in lead.get(survey.get_absolute_url()).text


def test_what_somebody_else_removed_cannot_be_put_back(lead, survey):
    arrange(lead, survey, "remove", three(survey)[1])
    lead.force_login(UserFactory(role="manager", team=None))

    assert "Removed:" not in lead.get(survey.get_absolute_url()).text
    arrange(lead, survey, "restore")
    assert len(texts(survey)) == 2


@pytest.mark.parametrize(("do", "status"), [("sideways", 400), ("up", 404)])
def test_nonsense_about_the_order_changes_nothing(lead, survey, do, status):
    question = three(survey)[0] if status == 400 else None

    assert arrange(lead, survey, do, question).status_code == status


def test_who_changed_what_stands_in_the_history(lead, survey):
    add(lead, survey)
    question = survey.questions.get()
    change(lead, question, text_en="Did we help?")
    change(lead, question, text_en="Did we help?", choices_en="Yes\nNo\nSome")
    QuestionFactory(survey=survey, position=2)
    arrange(lead, survey, "down", question)
    question.refresh_from_db()
    question.position, question.is_required = 3, not question.is_required
    question.save()
    arrange(lead, survey, "remove", question)

    page = lead.get(survey.get_absolute_url()).text
    assert "Question added: Did you get it?" in page
    assert "Question in English: Did you get it? → Did we help?" in page
    assert "Question removed: Did we help?" in page
    assert page.count("Questions put in another order") == 1
    assert "An answer is required: no → yes" in page  # although its place changed, too


def test_its_history_names_all_topics_at_once(survey, django_assert_max_num_queries):
    topics = Topic.objects.order_by("pk")[:3]
    survey.topics = [topic.pk for topic in topics]
    survey.save()

    with django_assert_max_num_queries(3):  # kinds of records, entries, topics
        said = history_of(survey)[0].sentences

    assert len(topics) == 3
    assert said == [f"Topics: nothing → {', '.join(topic.label for topic in topics)}"]


def test_a_page_of_questions_asks_the_database_as_often_for_one_as_for_many(
    lead, survey, django_assert_max_num_queries
):
    for place in range(8):
        ChoiceFactory(question=QuestionFactory(survey=survey, position=place + 1, kind="choice"))

    lead.get(survey.get_absolute_url())
    with django_assert_max_num_queries(25):
        lead.get(survey.get_absolute_url())
