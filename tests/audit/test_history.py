from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group

from access.models import AccessGrant
from audit.actor import acting_as, acting_as_system
from audit.history import Change, HistoryEntry, entries_of, history_of, in_words
from audit.models import LogEntry
from contacts.models import TextVersion
from tests.factories import (
    CallFactory,
    ContactFactory,
    EventFactory,
    FollowUpFactory,
    RegistrationFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LUNCH = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)


def changed(record, by=None, **values):
    for name, value in values.items():
        setattr(record, name, value)
    with acting_as(by) if by else acting_as_system("test"):
        record.save()
    return history_of(record)[0]


def words(entry):
    return {change.label: change.words for change in entry.changes}


def test_says_who_changed_what_from_what_to_what(specialist):
    contact = ContactFactory(team=TeamFactory(name="Phone"), category="employer")

    entry = changed(contact, by=specialist, category="investor", team=TeamFactory(name="Trade Missions"))

    assert entry.by == "Maya Okafor-Lindqvist"
    assert entry.summary == "Changed category and team"
    assert words(entry)["category"] == "Employer to Investor"
    assert words(entry)["team"] == "Phone to Trade Missions"


def test_personal_values_are_only_added_changed_or_removed():
    contact = ContactFactory(name="Zoë Before", phone="", organisation="Gone Ltd.")

    entry = changed(contact, name="Zoë After", phone="+14035550142", organisation="")

    assert words(entry) == {"full name": "changed", "phone": "added", "organisation": "removed"}
    assert "Zoë" not in str(entry)


def test_the_system_names_its_task():
    assert changed(ContactFactory(), category="investor").by == "The system (test)"


def test_creation_comes_last_and_says_so():
    contact = ContactFactory()
    changed(contact, category="investor")

    assert [entry.summary for entry in history_of(contact)] == ["Changed category", "Created"]


def test_instants_are_edmonton_time_and_yes_is_yes():
    user = UserFactory()
    grant = AccessGrant.objects.get(user=user)

    assert words(changed(grant, ends_at=LUNCH)) == {"until": "Monday 23 November 2026, 1:00 pm"}
    assert words(changed(user, is_active=False)) == {"active": "yes to no"}


def test_a_side_door_to_permissions_shows():
    user, group = UserFactory(), Group.objects.create(name="Backstairs")

    user.groups.add(group)

    assert words(history_of(user)[0]) == {"groups": "Backstairs"}


def test_history_speaks_french(specialist):
    from django.utils.translation import override

    contact = ContactFactory(category="employer")
    with override("fr-ca"):
        assert changed(contact, category="investor").summary


def test_costs_the_same_for_twenty_entries(specialist, django_assert_num_queries):
    contact = ContactFactory()
    teams = [TeamFactory(name=f"Team {number}") for number in range(20)]
    for team in teams:
        changed(contact, by=specialist, team=team)

    with django_assert_num_queries(2):  # entries with actors, teams
        assert len(in_words(entries_of(contact)[:20])) == 20


def test_a_reference_that_is_gone_keeps_its_number():
    contact = ContactFactory()
    LogEntry.objects.log_create(contact, action=LogEntry.Action.UPDATE, changes={"team": ["999999", "None"]})

    assert words(history_of(contact)[0]) == {"team": "#999999 to nothing"}


def test_other_records_are_named_in_words_never_by_a_code_of_ours():
    event = EventFactory(title="Newcomers' evening")
    registration = RegistrationFactory(event=event)
    call = CallFactory(follow_up=FollowUpFactory(kind="reply"), follow_up_decision="needed")
    text = TextVersion.objects.get(kind="collection_notice", number=1, language="en")
    contact = ContactFactory(notice_version=text)

    def said(record, field):
        return next(change.words for change in history_of(record)[0].changes if change.name == field)

    assert said(registration, "event") == "Newcomers' evening"
    assert said(call, "follow_up") == f"Follow-up #{call.follow_up_id}"
    assert said(contact, "notice_version") == text.label == "Collection notice 1, English"


def test_one_field_and_three_fields_read_naturally():
    def summary(*labels):
        changes = [Change(label, "a", "b") for label in labels]
        return HistoryEntry(1, LUNCH, "Maya", LogEntry.Action.UPDATE, changes).summary

    assert summary("name") == "Changed name"
    assert summary("name", "city", "phone") == "Changed name, city and phone"
