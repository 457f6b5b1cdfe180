"""Reading the questions out on the phone, with the same anonymity (F83)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from audit.models import AccessEvent
from contacts.choices import Purpose
from surveys.ballots.tickets import PHONE_SPARE
from surveys.models import Answer, BallotBox, Invitation
from tests.factories import CallFactory, ContactFactory, InvitationFactory, SurveyFactory, UserFactory
from tests.surveys.to_answer import survey_to_answer

NOW = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)


@pytest.fixture
def survey(db, time_machine):
    time_machine.move_to(NOW)
    return survey_to_answer()


@pytest.fixture
def agreed(specialist, survey):
    """Told at a call, and agreed."""
    contact = ContactFactory(team=specialist.team, agrees_to=[Purpose.SURVEY])
    CallFactory(contact=contact, specialist=specialist, survey_notice="given")
    return contact


@pytest.fixture
def ask(client, specialist, survey):
    def press(contact):
        client.force_login(specialist)
        return client.post(reverse("surveys:ask_by_phone", args=[contact.uid]), follow=True)

    return press


def test_the_questions_are_asked_with_a_spare_link_and_only_the_month_is_kept(ask, client, agreed, survey):
    page = ask(agreed)

    invitation = Invitation.objects.get()
    assert "Read aloud on the phone." in page.text
    assert "Question 1 of 5" in page.text
    assert (invitation.by_phone, invitation.invited_on, invitation.contact) == (True, date(2026, 11, 1), agreed)
    assert BallotBox.objects.get().phone_drawn == 1

    first = survey.questions.get(position=1)
    before = AccessEvent.objects.count()
    thanks = client.post(f"{page.redirect_chain[-1][0]}", {"place": "0", "go": "part", f"q{first.pk}": "4"})
    assert "Back to the call desk" in thanks.text
    assert Answer.objects.get().number == 4
    assert AccessEvent.objects.count() == before


def test_the_panel_offers_it_once_in_six_months(ask, client, specialist, agreed):
    address = agreed.get_absolute_url()
    client.force_login(specialist)
    assert "Ask the questions now" in client.get(address).text

    ask(agreed)

    assert "Was asked in the last 6 months." in client.get(address).text
    assert "Was asked in the last 6 months." in ask(agreed).text
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    ("agrees", "notice", "words"),
    [([], "given", "Not to be asked: "), ([Purpose.SURVEY], "not_first", "Was not told about surveys.")],
)
def test_who_did_not_agree_or_was_not_told_is_not_asked(ask, specialist, survey, agrees, notice, words):
    contact = ContactFactory(team=specialist.team, agrees_to=agrees)
    CallFactory(contact=contact, specialist=specialist, survey_notice=notice)

    assert words in ask(contact).text
    assert not Invitation.objects.exists()


def test_who_was_invited_by_mail_is_not_asked_again(ask, agreed):
    InvitationFactory(survey=SurveyFactory(is_open=True), contact=agreed, invited_on=NOW.date())

    assert "Was asked in the last 6 months." in ask(agreed).text


def test_without_an_open_survey_nobody_is_asked(ask, agreed, time_machine):
    time_machine.move_to(datetime(2026, 12, 20, 17, 0, tzinfo=UTC))

    assert "No survey is open." in ask(agreed).text


def test_spare_links_come_to_an_end(ask, agreed):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE surveys_ballotbox SET phone_drawn = %s", [PHONE_SPARE])

    assert "No link for the phone is left in this survey." in ask(agreed).text
    assert not Invitation.objects.exists()


# After a call, on the desk


OFFERED = "Ask the questions now"


@pytest.fixture
def desk(client, specialist, survey):
    client.force_login(specialist)
    return lambda: client.get(reverse("calls:desk")).text


def test_the_desk_offers_it_while_the_caller_may_be_on_the_line(desk, agreed, time_machine):
    assert reverse("surveys:ask_by_phone", args=[agreed.uid]) in desk()

    time_machine.move_to(NOW + timedelta(minutes=11), tick=False)
    assert OFFERED not in desk()


def test_the_desk_offers_it_once(desk, ask, agreed):
    ask(agreed)

    assert OFFERED not in desk()


@pytest.mark.parametrize(("agrees", "notice"), [([], "given"), ([Purpose.SURVEY], "not_first")])
def test_the_desk_offers_nothing_for_who_is_not_to_be_asked(desk, specialist, survey, agrees, notice):
    contact = ContactFactory(team=specialist.team, agrees_to=agrees)
    CallFactory(contact=contact, specialist=specialist, survey_notice=notice)

    assert OFFERED not in desk()


def test_the_desk_offers_nothing_to_who_may_not_ask(client, agreed, specialist):
    manager = UserFactory(role="manager")
    CallFactory(contact=agreed, specialist=manager, survey_notice="given")
    client.force_login(manager)

    assert OFFERED not in client.get(reverse("calls:desk")).text
