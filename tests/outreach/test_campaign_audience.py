"""Who would get a campaign, who would not and why (R-CNS-08, R-CMP-01, M15)."""

from datetime import timedelta

import pytest
from django.db import connection

from contacts.models import Contact
from i2a import clock
from outreach.campaigns.audience import (
    agreements,
    audience_of,
    excluded_for,
    included,
    say_reason,
)
from outreach.models import Campaign
from tests.factories import CampaignFactory, ContactFactory, EventFactory, UserFactory
from tests.outbox.steps import withdraw
from tests.outreach.steps import asked, everybody

pytestmark = pytest.mark.django_db


def test_each_person_is_counted_once_with_the_first_reason_in_the_order_of_the_rule():
    ContactFactory(agrees_to=["seminar"], origin_country="PH")
    ContactFactory(agrees_to=["seminar"], origin_country="PH", email_state="not_working")
    ContactFactory(declines=True, do_not_contact=True, do_not_contact_at=clock.now())
    ContactFactory(email="", phone="+14035550142")
    ContactFactory(agrees_to=["trade_mission"], origin_country="PL")
    ContactFactory(declines=True, origin_country="PL")
    withdraw(ContactFactory(agrees_to=["seminar"]))
    ContactFactory(agrees_to=["seminar"], origin_country="PL")
    ContactFactory(agrees_to=["seminar"])

    found = audience_of(CampaignFactory(countries=["PH"]))

    assert found.exclusions == [
        ("do not contact", 1),
        ("no e-mail", 1),
        ("address not working", 1),
        ("no consent", 1),
        ("consent refused", 1),
        ("consent withdrawn", 1),
        ("other area", 2),
    ]
    assert (found.matching, found.will_get) == (9, 1)
    assert found.matching == found.will_get + sum(people for _reason, people in found.exclusions)


def test_counting_is_one_statement(django_assert_num_queries):
    everybody(3)
    campaign = CampaignFactory(countries=["PH"], categories=["employer"], called_since=clock.today())

    with django_assert_num_queries(1):
        audience_of(campaign)


def test_the_country_of_residence_counts_and_that_of_origin_only_without_one():
    lives = ContactFactory(agrees_to=["seminar"], future_contact="agreed", residence_country="PH")
    ContactFactory(agrees_to=["seminar"], future_contact="agreed", residence_country="CA", origin_country="PH")
    comes = ContactFactory(agrees_to=["seminar"], origin_country="PH")
    ContactFactory(agrees_to=["seminar"], citizenship="PH")
    campaign = CampaignFactory(countries=["PH"])

    found = audience_of(campaign)

    assert (found.will_get, found.by_origin) == (2, 1)
    assert set(included(campaign, UserFactory(role="manager"))) == {lives, comes}


def test_category_language_and_last_call_choose_among_them():
    chosen = ContactFactory(agrees_to=["seminar"], category="employer", language="tl", last_call_at=clock.now())
    ContactFactory(agrees_to=["seminar"], category="employer", language="tl")
    ContactFactory(agrees_to=["seminar"], category="investor", language="tl", last_call_at=clock.now())
    ContactFactory(agrees_to=["seminar"], category="employer", language="en", last_call_at=clock.now())
    Contact.objects.filter(pk=chosen.pk).update(last_call_at=clock.now())
    choices = {"categories": ["employer"], "languages": ["tl"], "called_since": clock.today()}

    assert audience_of(CampaignFactory(**choices)).matching == 1


def test_of_records_with_one_address_the_oldest_gets_it():
    first, second = ContactFactory.create_batch(2, email="family@example.org", agrees_to=["seminar"])
    campaign, manager = CampaignFactory(), UserFactory(role="manager")

    found = audience_of(campaign)

    assert (found.will_get, found.exclusions) == (1, [("duplicate address", 1)])
    assert list(included(campaign, manager)) == [first]
    assert list(excluded_for(campaign, manager, "duplicate address")) == [second]


def test_who_reads_french_is_counted_apart():
    everybody(2)
    everybody(1, language="fr")

    assert audience_of(CampaignFactory()).by_language == {"en": 2, "fr": 1}


def test_nobody_would_get_it_after_the_event_has_started():
    everybody(2)
    over = EventFactory(starts_at=clock.now() - timedelta(hours=1))

    assert audience_of(CampaignFactory(event=over)).exclusions == [("event started", 2)]


def test_a_campaign_that_is_not_saved_yet_can_be_counted():
    everybody(2)

    assert audience_of(Campaign(event=EventFactory(), countries=["PH"])).will_get == 0


def test_people_of_other_teams_are_counted_but_not_shown():
    everybody(2)
    lead = UserFactory(role="team_lead", team__name="Trade Missions")
    campaign = CampaignFactory()

    assert audience_of(campaign).will_get == 2
    assert not included(campaign, lead).exists()


def test_everybody_who_gets_it_is_shown_with_the_agreement_that_allows_it(django_assert_num_queries):
    (contact,) = everybody(1)
    campaign = CampaignFactory()
    agreed = contact.consent_events.get(purpose="seminar")

    with django_assert_num_queries(2):
        assert agreements(campaign, [contact]) == {contact.pk: agreed}
    assert agreements(asked(campaign), [contact]) == {contact.pk: agreed}


def test_nothing_in_the_question_knows_of_citizenship():
    """D-09: no choice and no statement may use it."""
    campaign = CampaignFactory(countries=["PH"], languages=["tl"])
    with connection.execute_wrapper(_refuse_citizenship):
        audience_of(campaign)
    assert not [field.name for field in Campaign._meta.get_fields() if "citizen" in field.name]


def _refuse_citizenship(execute, sql, params, many, context):
    assert "citizenship" not in sql
    return execute(sql, params, many, context)


def test_reasons_are_said_in_words():
    assert say_reason("other area") == "Lives somewhere else"
    assert say_reason("consent withdrawn") == "Withdrawn"
    assert say_reason("event started") == "The event has started"
