"""From grants to permissions: the matrix of requirements §5, as far as its pages exist."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate

from access.roles import PERMISSIONS, Role
from i2a import clock
from i2a.permissions import may
from tests.factories import PASSWORD, AccessGrantFactory, ContactFactory, UserFactory

pytestmark = pytest.mark.django_db
S, L, M, A, P = Role.SPECIALIST, Role.TEAM_LEAD, Role.MANAGER, Role.ACCESS_ADMIN, Role.PRIVACY_OFFICER
MATRIX = {
    "calls.add_call": {S, L},
    "calls.view_call": {S, L, M, P},
    "calls.change_call": {S, L, M},
    "calls.void_call": {L, M},
    "calls.view_recording": {L, M, P},
    "calls.view_all_teams": {M, P},
    "contacts.add_contact": {S, L},
    "contacts.view_contact": {S, L, M, P},
    "contacts.change_contact": {S, L, M},
    "contacts.view_all_teams": {M, P},
    "contacts.view_restricted": {P},
    "contacts.restrict_contact": {L, M, P},
    "contacts.grant_access": {L, M, P},
    "contacts.merge_contact": {L, M},
    "contacts.write_note": {S, L},
    "contacts.amend_any_note": {L},
    "contacts.export_contact": {M, P},
    "contacts.view_data_dictionary": {M, P},
    "followups.view_followup": {S, L, M, P},
    "followups.change_followup": {S, L, M},
    "followups.reassign_followup": {L, M},
    "followups.view_all_teams": {M, P},
    "followups.change_calendar": {M},
    "followups.view_report": {L, M, P},
    "calls.view_document": {S, L, M, P},
    "calls.propose_document": {L, M},
    "calls.manage_library": {M},
    "outreach.view_event": {S, L, M, P},
    "outreach.change_event": {L, M},
    "outreach.change_registration": {S, L, M},
    "outreach.view_campaign": {L, M, P},
    "outreach.draft_campaign": {L, M},
    "outreach.approve_campaign": {M},
    "surveys.view_survey": {L, M, P},
    "surveys.draft_survey": {L, M},
    "surveys.approve_survey": {M},
    "surveys.view_results": {L, M, P},
    "surveys.screen_comment": {M, P},
    "surveys.ask_by_phone": {S, L},
    "outbox.send_information": {S, L},
    "outbox.view_backlog": {L, M, P},
    "outbox.resolve_message": {L, M},
    "outbox.switch_sending": {M},
    "access.view_register": {L, M, A, P},
    "access.view_whole_register": {M, A, P},
    "access.export_register": {M, A, P},
    "access.request_access": {L, M, A, P},
    "access.authorise_access": {M},
    "access.execute_access": {A},
    "access.end_access": {M, A},
    "access.record_training": {M, A},
    "access.review_access": {M, P},
    "access.view_drift": {M, P},
    "audit.view_report": {M, P},
    "audit.view_access_changes": {M, A, P},
    "audit.review_use": {M, P},
    "audit.view_readers": {P},
}


def test_the_matrix_is_complete_and_exact():
    assert {name: {role for role in Role if name in PERMISSIONS[role]} for name in MATRIX} == MATRIX
    assert {name for names in PERMISSIONS.values() for name in names} == set(MATRIX)


@pytest.mark.parametrize("role", Role)
def test_a_person_may_what_their_role_may(role):
    user = UserFactory(role=role)

    assert user.get_all_permissions() == PERMISSIONS[role]


def test_two_roles_add_up():
    user = UserFactory(role=Role.ACCESS_ADMIN)
    AccessGrantFactory(user=user, role=Role.TEAM_LEAD)

    assert user.has_perms(["access.view_register", "calls.void_call"])


@pytest.mark.parametrize(
    ("starts", "ends", "counts"),
    [(-2, None, True), (-2, 2, True), (-2, -1, False), (1, None, False)],
)
def test_a_role_counts_while_it_lasts(starts, ends, counts):
    day, now = timedelta(days=1), clock.now()
    user = UserFactory(role=None)
    AccessGrantFactory(user=user, starts_at=now + starts * day, ends_at=ends and now + ends * day)

    assert user.has_perm("calls.add_call") is counts


def test_a_role_ends_at_its_instant():
    user, now = UserFactory(role=None), clock.now()
    grant = AccessGrantFactory(user=user, starts_at=now - timedelta(days=1), ends_at=now)

    assert grant not in type(grant).objects.in_force(now)
    assert grant in type(grant).objects.in_force(now - timedelta(microseconds=1))


def test_staff_flags_and_groups_give_nothing():
    user = UserFactory(role=None, is_staff=True)

    assert user.get_all_permissions() == set()


def test_a_deactivated_person_may_nothing_and_cannot_sign_in(client):
    user = UserFactory(username="gone")
    client.force_login(user)
    user.is_active = False
    user.save()

    assert user.get_all_permissions() == set()
    assert authenticate(username="gone", password=PASSWORD) is None
    assert client.get("/").status_code == 302  # the running session ends with the next request (R-ACC-03)


def test_a_role_allows_by_itself_what_no_object_grant_is_needed_for():
    contact = ContactFactory()

    assert may(UserFactory(), "contacts.view_contact", contact)
    assert not may(UserFactory(role=None), "contacts.view_contact", contact)


def test_empty_words_are_nobody():
    UserFactory(username="", email="nobody@i2a.example.org")

    assert authenticate(username="", password=PASSWORD) is None
    assert authenticate(username=None, password=None) is None


def test_roles_are_asked_once_per_request(django_assert_num_queries):
    user = UserFactory()
    user = type(user).objects.get(pk=user.pk)

    with django_assert_num_queries(1):
        user.has_perm("calls.add_call")
        user.has_perm("contacts.view_contact")
        user.has_perm("calls.void_call")
