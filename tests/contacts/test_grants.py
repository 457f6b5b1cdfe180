"""Access to single contacts: two rows, one truth (design §7, R-CON-11, P4, P5, P7)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from access.models import ObjectGrant
from audit.actor import acting_as
from audit.models import AccessEvent
from contacts.models import Contact, ContactGroupGrant, ContactUserGrant
from contacts.services import grants
from contacts.tasks import expire_grants
from i2a import clock
from tests.factories import ContactFactory, TeamFactory, UserFactory, let_in

pytestmark = pytest.mark.django_db
Basis = ObjectGrant.Basis


@pytest.fixture
def baron(db):
    return ContactFactory(restricted=True)


@pytest.fixture
def monday(time_machine):
    time_machine.move_to("2026-11-23T16:00:00Z", tick=False)
    return time_machine


def sees(user, contact):
    user = type(user).objects.get(pk=user.pk)  # as the next request finds them
    return Contact.objects.visible_to(user).filter(pk=contact.pk).exists()


def twins():
    return ContactUserGrant.objects.count() + ContactGroupGrant.objects.count()


def give(contact, to, by, basis=Basis.SHARED, reason="On the line", days=1, **more):
    now = clock.now()
    until = now + timedelta(days=days) if days else None
    return grants.grant_access(contact=contact, to=to, by=by, basis=basis, reason=reason, until=until, now=now, **more)


def test_a_grant_lets_one_person_see_one_record(specialist, baron):
    other, colleague = ContactFactory(restricted=True), UserFactory()

    let_in(specialist, baron)

    assert sees(specialist, baron)
    assert not sees(specialist, other)
    assert not sees(colleague, baron)


def test_a_grant_to_a_team_lets_in_its_members_as_long_as_they_are(specialist, baron):
    missions = TeamFactory(name="Trade Missions")
    jun = UserFactory(team=missions)
    let_in(missions, baron)

    assert sees(jun, baron)
    assert not sees(specialist, baron)
    jun.team = specialist.team
    jun.save()
    assert not sees(jun, baron)


def test_a_grant_to_a_team_does_not_reach_people_without_a_team(baron):
    let_in(TeamFactory(name="Trade Missions"), baron)

    assert not sees(UserFactory(team=None), baron)


def test_to_see_is_not_to_change(specialist, baron):
    let_in(specialist, baron)

    assert not Contact.objects.changeable_by(specialist).exists()


def test_access_ends_at_the_moment_it_ends_whether_or_not_the_job_ran(monday, specialist, baron):
    let_in(specialist, baron, days=1)

    monday.move_to("2026-11-24T15:59:59Z", tick=False)
    assert sees(specialist, baron)
    monday.move_to("2026-11-24T16:00:00Z", tick=False)
    assert not sees(specialist, baron)
    assert twins() == 1  # the job did not run


def test_the_job_ends_what_is_over_and_signs_for_itself(monday, specialist, baron):
    let_in(specialist, baron, days=1)
    let_in(UserFactory(), baron, days=2)

    monday.move_to("2026-11-24T16:00:00Z", tick=False)
    expire_grants()
    expire_grants()

    assert twins() == 1
    over = ObjectGrant.objects.get(user=specialist)
    assert (over.revoked_at, over.end_reason) == (clock.now(), "Time was up")
    event = AccessEvent.objects.get(kind="object_revoke")
    assert (event.actor_label, event.object_uid) == ("system:expire_grants", baron.uid)


def test_taking_access_back_takes_both_rows(team_lead, specialist, baron):
    grant = let_in(specialist, baron, "view_contact", "change_contact")

    with acting_as(team_lead):
        grants.end_access(contact=baron, grant=grant, reason="Done", by=team_lead, now=clock.now())

    assert not sees(specialist, baron)
    assert twins() == 0
    assert not ObjectGrant.objects.open().exists()
    assert AccessEvent.objects.get(kind="object_revoke").actor == team_lead


def test_a_record_that_is_merged_or_anonymised_keeps_no_exceptions(specialist, baron):
    other = ContactFactory(restricted=True)
    let_in(specialist, baron)
    let_in(TeamFactory(name="Trade Missions"), baron)
    let_in(specialist, other)

    grants.end_all(contact=baron, reason="Merged", by=None, now=clock.now())

    assert not sees(specialist, baron)
    assert sees(specialist, other)
    assert twins() == 1


def test_a_deactivated_person_sees_nothing(specialist, baron, client):
    let_in(specialist, baron)
    client.force_login(specialist)
    specialist.is_active = False
    specialist.save()

    assert not sees(specialist, baron)
    assert client.get(baron.get_absolute_url()).status_code == 302


def test_who_loses_the_role_loses_the_grant_s_worth(monday, specialist, baron):
    let_in(specialist, baron)
    role = specialist.grants.get()
    role.ends_at = clock.now()
    role.save()

    assert not sees(specialist, baron)


def test_nobody_gives_access_to_themselves(team_lead, baron):
    with pytest.raises(grants.GrantToOneself):
        give(baron, team_lead, by=team_lead)

    values = {"object_type": "contacts.contact", "object_uid": baron.uid, "permission": "view_contact", "reason": "I"}
    with pytest.raises(IntegrityError, match="object_grant_not_to_oneself"), transaction.atomic():
        ObjectGrant.objects.create(user=team_lead, granted_by=team_lead, basis="named", starts_at=clock.now(), **values)


def test_nobody_gives_access_to_their_own_team(baron):
    missions = TeamFactory(name="Trade Missions")
    manager = UserFactory(role="manager", team=missions)

    with pytest.raises(grants.GrantToOneself):
        give(baron, missions, by=manager)


def test_the_same_access_is_not_given_twice(team_lead, specialist, baron):
    give(baron, specialist, by=team_lead)

    with pytest.raises(grants.AlreadyGranted):
        give(baron, specialist, by=team_lead)


def test_access_that_is_over_may_be_given_again(monday, team_lead, specialist, baron):
    give(baron, specialist, by=team_lead)
    monday.move_to("2026-11-25T16:00:00Z", tick=False)

    give(baron, specialist, by=team_lead)

    assert sees(specialist, baron)
    assert twins() == 1


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"days": 31}, "object_grant_for_1_to_30_days"),
        ({"days": 0}, "object_grant_for_1_to_30_days"),
        ({"days": 1, "basis": Basis.NAMED}, "object_grant_for_1_to_30_days"),
        ({"reason": ""}, "object_grant_says_why"),
    ],
)
def test_the_database_refuses(change, constraint, team_lead, specialist, baron):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        give(baron, specialist, by=team_lead, **change)


def test_a_row_of_guardian_without_its_twin_cannot_be_written(specialist, baron):
    from guardian.shortcuts import assign_perm

    with pytest.raises(IntegrityError), transaction.atomic():
        assign_perm("contacts.view_contact", specialist, baron)


def test_the_register_is_never_deleted_under_a_row_that_counts(specialist, baron):
    grant = let_in(specialist, baron)

    with pytest.raises(ProtectedError):
        grant.delete()


def test_giving_access_is_recorded_without_the_reason(team_lead, specialist, baron):
    with acting_as(team_lead):
        grant = give(baron, specialist, by=team_lead, reason="Baron is on the line")

    event = AccessEvent.objects.get(kind="object_grant")
    assert (event.actor, event.object_type, event.object_uid) == (team_lead, "contacts.contact", baron.uid)
    assert event.detail == {"grant": str(grant.uid), "to": specialist.pk, "group": None, "basis": "shared"}


def test_a_privacy_officer_reads_restricted_records_and_a_manager_does_not(privacy_officer, manager, baron):
    assert sees(privacy_officer, baron)
    assert not Contact.objects.changeable_by(privacy_officer).exists()
    assert not sees(manager, baron)
