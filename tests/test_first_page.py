"""The first page of those who take no calls: what waits for them, and for nobody else."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from access.roles import Role
from audit.models import Check, ReviewItem
from contacts.models import RecordRequest
from i2a import clock
from surveys.models import Answer, Response
from tests.factories import (
    CampaignFactory,
    ContactFactory,
    QuestionFactory,
    SurveyFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def asked_by(person):
    return {
        "state": "asked",
        "created_by": person,
        "asked_by": person,
        "asked_at": clock.now(),
        "list_sha256": "0" * 64,
        "listed": 1,
    }


def unusual(key, **facts):
    at = clock.now()
    return ReviewItem.objects.create(
        key=key, rule="many", reader=UserFactory(), since=at, until=at, count=1, reads=[1], **facts
    )


def commented(survey):
    response = Response.objects.create(survey=survey, answered_on=date(2026, 11, 16))
    Answer.objects.create(response=response, question=QuestionFactory(survey=survey, kind="text"), text="Kind people.")


def waits(client, user):
    client.force_login(user)
    return [(one.words, one.url) for one in client.get(reverse("home")).context["waits"]]


def test_nothing_waits_at_first(client, manager):
    client.force_login(manager)

    page = client.get(reverse("home")).content.decode()

    assert "Nothing waits for you." in page


@pytest.mark.parametrize("role", [Role.MANAGER, Role.PRIVACY_OFFICER])
def test_unusual_reading_waits_for_who_looks_into_it_the_urgent_first(client, role):
    looks = UserFactory(role=role)
    for number in range(2):
        unusual(f"many:{number}")
    unusual("export:1", is_urgent=True)
    unusual("night:1", finding="none", found_by=UserFactory(), found_at=clock.now())
    ReviewItem.objects.create(
        key="own:1", rule="many", reader=looks, since=clock.now(), until=clock.now(), count=1, reads=[1]
    )

    assert waits(client, looks) == [
        ("1 urgent reading to review.", "/audit/review/?show=urgent"),
        ("2 readings to review.", "/audit/review/?show=open"),
        ("1 finding to sign off.", "/audit/review/?show=found"),
    ]


def test_an_access_administrator_hears_nothing_of_unusual_reading(client, access_admin):
    unusual("many:1", is_urgent=True)

    assert waits(client, access_admin) == []


@pytest.mark.parametrize(
    ("factory", "line"),
    [
        (CampaignFactory, ("1 campaign waits for your approval.", "/campaigns/?show=approval")),
        (SurveyFactory, ("1 survey waits for your approval.", "/surveys/?show=approval")),
    ],
)
def test_a_mailing_waits_for_a_second_person_only(client, manager, factory, line):
    planned = (
        {}
        if factory is CampaignFactory
        else {"send_on": clock.today(), "send_at": time(12), "closes_on": clock.today() + timedelta(days=9)}
    )
    factory(**asked_by(manager), **planned)
    assert waits(client, manager) == []

    factory(**asked_by(UserFactory(role=Role.TEAM_LEAD)), **planned)

    assert waits(client, manager) == [line]


def test_comments_of_an_ended_survey_wait_to_be_read_one_line_a_survey(client, manager):
    ended = SurveyFactory(is_open=True, state="closed", ended_at=clock.now(), title="Service 2026")
    commented(ended), commented(ended), commented(SurveyFactory(is_open=True))

    assert waits(client, manager) == [
        ("2 comments of “Service 2026” wait to be read.", f"/surveys/{ended.uid}/comments/"),
    ]


def test_a_request_about_a_record_waits_for_who_decides(client, manager, access_admin):
    RecordRequest.objects.create(
        contact=ContactFactory(), kind="access", asked_by=UserFactory(), asked_at=clock.now(), reason="Calls back"
    )

    assert waits(client, manager) == [("1 request about a record waits for you.", "/contacts/requests/")]
    assert waits(client, access_admin) == []


def test_a_seal_in_doubt_is_the_first_thing_a_manager_reads(client, manager):
    unusual("export:1", is_urgent=True)
    Check.objects.create(kind=Check.Kind.SEAL, at=clock.now(), is_sound=False, upto=1, seconds=1)

    assert waits(client, manager)[0] == ("The seal of the audit needs a look.", "/audit/seal/")


def test_a_specialist_starts_at_the_call_desk(client, specialist):
    client.force_login(specialist)

    assert client.get(reverse("home")).url == reverse("calls:desk")
