"""The tab "Invitations" in the browser: choose, count, preview, test, ask, decide, watch, stop (R-SRV-02)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from audit.models import AccessEvent
from i2a import clock
from i2a.wall_time import say_short_day
from outbox.models import Message, StaffAlert
from surveys.models import Survey
from tests.factories import UserFactory
from tests.surveys.steps import approved, asked, caller, draft, its_time, no_more_surveys, released, tick

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client, team_lead):
    client.force_login(team_lead)
    return client


@pytest.fixture
def boss(client):
    manager = UserFactory(role="manager", team=None)
    client.force_login(manager)
    return client


def of(survey: Survey, name: str) -> str:
    return reverse(f"surveys:{name}", args=[survey.uid])


def page(client, survey: Survey, query: str = "") -> str:
    return client.get(of(survey, "invitations") + query).text.replace("\N{NO-BREAK SPACE}", " ")


def typed(**changed):
    today = clock.today()
    return {
        "called_from": today - timedelta(days=30),
        "called_to": today,
        "subject_en": "How was it?",
        "text_en": "Here: {link}",
        "subject_fr": "Comment ?",
        "text_fr": "Ici : {link}",
        "send_on": today + timedelta(days=2),
        "send_at": "09:30",
        "closes_on": today + timedelta(days=9),
        "remind_after": "3",
        "version": 1,
        **changed,
    }


def test_the_form_suggests_words_with_the_link_and_saves_what_was_chosen(lead):
    survey = draft(subject_en="", text_en="", subject_fr="", text_fr="", called_from=None, called_to=None)
    assert "Vos réponses sont anonymes" in lead.get(of(survey, "invitations_edit")).text

    response = lead.post(of(survey, "invitations_edit"), typed(categories=["employer"], channels=["in"]))

    assert response.status_code == 302
    survey.refresh_from_db()
    assert (survey.categories, survey.channels, survey.topics) == (["employer"], ["in"], [])
    assert (survey.remind_after, survey.text_en, survey.version) == (3, "Here: {link}", 2)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"text_fr": "Sans"}, "The text must contain the link: {link}."),
        ({"called_to": "2020-01-01"}, "The period must end after it begins."),
        ({"called_from": "yesterday"}, "Write the day like this: 2026-12-24."),
        ({"send_on": "2020-01-01"}, "This time has passed. Choose a later one."),
        ({"send_at": ""}, "Say at what time it goes."),
        ({"closes_on": "2021-01-01"}, "It would close before it opens. Choose a later day."),
        ({"topics": ["999999"]}, "Choose from the list."),
        ({"remind_after": "99"}, "Choose from the list."),
        ({"subject_en": "a\u0000b"}, "characters"),
    ],
)
def test_bad_input_is_answered_beside_the_field_and_kept(lead, wrong, words):
    survey = draft()

    response = lead.post(of(survey, "invitations_edit"), typed(**wrong))

    assert response.status_code == 200
    assert words in response.text
    assert Survey.objects.get(pk=survey.pk).version == 1


def test_a_choice_is_counted_while_it_is_made_and_nothing_is_saved(lead):
    caller(call={"category": "employer"})
    caller(call={"category": "investor"})
    survey = draft()

    chosen = {"called_from": survey.called_from, "called_to": survey.called_to, "categories": "employer"}
    found = lead.get(of(survey, "invitations_edit"), chosen, headers={"HX-Request": "true"}).text

    assert "of 1 who match" in found.replace("\N{NO-BREAK SPACE}", " ")
    assert Survey.objects.get(pk=survey.pk).categories == []


def test_of_two_who_change_it_the_second_sees_both(lead):
    survey = draft()
    lead.post(of(survey, "invitations_edit"), typed(subject_en="First"))

    response = lead.post(of(survey, "invitations_edit"), typed(subject_en="Second"))

    assert response.status_code == 409
    assert "First" in response.text
    assert "Second" in response.text


def test_once_the_list_is_made_the_page_says_who_was_left_out_of_it(boss):
    caller()
    caller("not_possible", call={"survey_notice_reason": "In a hurry."})

    shown = page(boss, asked())

    assert "1 left out when the list" in shown
    assert "Was not told about surveys" in shown


def test_the_page_counts_who_is_invited_and_says_why_others_are_not(boss):
    invited = caller(name="Ignatius Whimsy-Petrov")
    caller("not_possible", name="Never Told", call={"survey_notice_reason": "In a hurry."})
    survey = draft()

    shown = page(boss, survey)
    listed = boss.get(of(survey, "people")).text
    left_out = boss.get(of(survey, "people"), {"show": "no survey notice"}).text

    assert "of 2 who match" in shown
    assert "Was not told about surveys" in shown
    assert "Ignatius Whimsy-Petrov" in listed
    assert invited.calls.get().ref in listed
    assert "Never Told" in left_out
    assert "Ignatius" not in left_out
    event = AccessEvent.objects.filter(kind="listed", object_type="surveys.survey").latest("pk")
    assert (event.object_uid, event.detail) == (survey.uid, {"count": 1})


def test_a_page_of_people_costs_the_same_for_many(boss, django_assert_max_num_queries):
    for _one in range(6):
        caller()
    survey = released()

    with django_assert_max_num_queries(32):
        boss.get(of(survey, "people"))


def test_the_preview_is_the_mail_of_one_of_them_with_a_link_that_leads_nowhere(boss):
    caller(name="Ada First")
    caller(name="Zoé Dernière", language="fr")
    survey = draft()
    second = caller(name="Bo Third")

    shown = page(boss, survey)
    french = boss.get(of(survey, "mail"), {"lang": "fr", "to": second.uid}).text

    assert "As this person reads it:" in shown
    assert "https://…" in shown
    assert "{link}" not in shown.split("The same in plain text")[1].split("</pre>")[0]
    assert "Bo Third" in french
    assert "/s/?t=" not in shown + french


def test_a_test_goes_to_the_person_themselves_and_has_no_link_that_works(lead, team_lead):
    survey = draft()

    response = lead.post(of(survey, "test"), {"language": "fr"})

    assert response.status_code == 302
    alert = StaffAlert.objects.get()
    assert alert.to == team_lead
    assert "/s/?t=" not in alert.text
    assert "https://…" in alert.text
    assert not Message.objects.exists()


def test_what_stands_in_the_way_of_asking_is_said_with_a_way_to_mend_it(lead):
    survey = draft(text_fr="")

    response = lead.post(of(survey, "ask"), {"version": survey.version})

    assert "Write a subject and a text in French as well: everybody may choose it." in response.text
    assert f"{of(survey, 'invitations_edit')}#id_text_fr" in response.text


def test_a_draft_lists_all_that_is_missing_beside_the_approval(lead):
    survey = draft(text_fr="", closes_on=None)

    said = page(lead, survey)

    assert "The invitation has no French text." in said
    assert "Nobody has said when it closes." in said


def test_a_survey_that_closed_by_itself_names_its_last_day(lead):
    caller()
    survey = released()
    survey.state, survey.ended_at = "closed", clock.now()
    survey.save()

    assert f"closed on {say_short_day(survey.closes_on)}" in page(lead, survey)


def test_without_a_question_it_leads_to_the_questions(lead):
    caller()
    survey = draft()
    survey.questions.all().delete()

    response = lead.post(of(survey, "ask"), {"version": survey.version})

    assert "It has no question." in response.text
    assert reverse("surveys:question_new", args=[survey.uid]) in response.text


def test_one_asks_another_approves_and_the_author_cannot(lead, team_lead, client):
    caller()
    survey = draft()
    Survey.objects.filter(pk=survey.pk).update(created_by=team_lead, changed_by=team_lead)
    lead.post(of(survey, "ask"), {"version": survey.version})
    boss = UserFactory(role="manager", team=None)
    client.force_login(boss)
    seen = re.search(r'name="list_sha256" value="(\w+)"', page(client, survey))[1]

    response = client.post(of(survey, "decide"), {"version": 2, "do": "approve", "list_sha256": seen}, follow=True)

    assert "Approved. It leaves at its time." in response.text
    assert Survey.objects.get(pk=survey.pk).state == "approved"


def test_a_manager_who_asked_reads_that_a_second_person_is_needed(boss):
    caller()
    survey = draft()
    boss.post(of(survey, "ask"), {"version": survey.version})

    assert "A survey must be approved by a second person." in page(boss, survey)
    refused = boss.post(of(survey, "decide"), {"version": 2, "do": "approve"})
    assert "A survey must be approved by a second person." in refused.text


def test_who_decides_sees_who_fell_out_and_an_older_list_is_not_approved(boss):
    gone, _stays = caller(name="Gone Soon"), caller()
    survey = asked()
    seen = re.search(r'name="list_sha256" value="(\w+)"', page(boss, survey))[1]
    no_more_surveys(gone)

    refused = boss.post(of(survey, "decide"), {"version": survey.version, "do": "approve", "list_sha256": seen})

    assert "The list has changed since you opened it." in refused.text
    assert "Gone Soon" in boss.get(of(survey, "people"), {"show": "consent withdrawn"}).text


def test_sending_back_needs_a_reason_that_is_then_shown(boss):
    caller()
    survey = asked()
    assert "Say what must change." in boss.post(of(survey, "decide"), {"version": 2, "do": "send_back"}).text

    boss.post(of(survey, "decide"), {"version": survey.version, "do": "send_back", "because": "Too long"})

    assert "Too long" in page(boss, survey)


def test_the_page_asks_for_progress_until_the_state_changes(boss):
    caller()
    survey = approved()
    asked_for = {"state": "approved"}
    assert boss.get(of(survey, "progress"), asked_for).status_code == 204
    tick(its_time(survey))

    assert boss.get(of(survey, "progress"), asked_for).status_code == 286
    found = boss.get(of(survey, "progress"), {"state": "open"}).text
    assert "nobody can see that" in found
    assert "On its way" in found


@pytest.mark.parametrize(("to", "state"), [("pause", "paused"), ("close", "closed")])
def test_what_is_open_is_paused_or_closed_with_a_reason(lead, to, state):
    caller()
    survey = released()
    assert lead.post(of(survey, "switch"), {"to": to}).status_code == 200

    lead.post(of(survey, "switch"), {"to": to, "because": "A wrong word"})

    assert Survey.objects.get(pk=survey.pk).state == state


def test_what_has_opened_is_not_cancelled(lead):
    caller()
    survey = released()

    response = lead.post(of(survey, "switch"), {"to": "cancel", "because": "x"}, follow=True)

    assert "Somebody else was faster." in response.text


def test_a_draft_that_is_cancelled_says_why(lead):
    survey = draft()
    lead.post(of(survey, "switch"), {"to": "cancel", "because": "Another one is better"})

    assert "Another one is better" in page(lead, survey)


def test_the_proof_of_a_mail_never_shows_the_link_and_leads_back_to_the_survey(client):
    caller()
    survey = released()
    message = survey.invitations.get().message
    client.force_login(survey.approved_by)

    proof = client.get(reverse("outbox:message", args=[message.uid])).text

    assert "/s/?t=" not in proof
    assert "https://…" in proof
    assert of(survey, "invitations") in proof
