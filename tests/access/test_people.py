from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from audit.models import AccessEvent
from i2a import clock
from tests.factories import PASSWORD, AccessGrantFactory, UserFactory

pytestmark = pytest.mark.django_db


def row_of(client, user):
    html = client.get(reverse("access:people")).text
    return next(row for row in html.split("<tr>") if f">{user.username}<" in row)


def test_shows_name_roles_team_and_state(client, manager, specialist):
    AccessGrantFactory(user=specialist, role="team_lead")
    client.force_login(manager)

    row = row_of(client, specialist)

    assert "Maya Okafor-Lindqvist" in row
    assert " ".join(row.split()).count("Specialist, Team lead") == 1
    assert "Phone" in row
    assert "Never" in row
    assert "Active" in row


def test_only_roles_in_force_count(client, manager):
    yesterday = clock.now() - timedelta(days=1)
    user = UserFactory(username="former", role=None, is_active=False)
    AccessGrantFactory(user=user, role="manager", ends_at=yesterday)
    AccessGrantFactory(user=user, role="privacy_officer", starts_at=clock.now() + timedelta(days=1))
    client.force_login(manager)

    row = row_of(client, user)

    assert "Manager" not in row
    assert "Privacy officer" not in row
    assert "Deactivated" in row


def test_last_sign_in_comes_from_the_record(client, manager, specialist):
    client.post(reverse("sign_in"), {"username": "maya", "password": PASSWORD})
    client.force_login(manager)

    assert "Never" not in row_of(client, specialist)


def test_a_failed_sign_in_is_no_sign_in(client, manager, specialist):
    client.post(reverse("sign_in"), {"username": "maya", "password": "wrong"})
    client.force_login(manager)

    assert "Never" in row_of(client, specialist)


def test_opening_the_list_is_recorded(client, manager, specialist):
    client.force_login(manager)

    client.get(reverse("access:people"))

    event = AccessEvent.objects.get(kind="listed", object_type="access.user")
    assert (event.actor, event.detail) == (manager, {"count": 2})


def test_costs_the_same_for_twenty_people(client, manager, django_assert_max_num_queries):
    UserFactory.create_batch(20)
    client.force_login(manager)
    client.get(reverse("access:people"))  # content types, cached for the process

    with django_assert_max_num_queries(12):
        client.get(reverse("access:people"))


def test_names_of_the_world_are_escaped_and_direct(client, manager):
    user = UserFactory(username="world", first_name="<b>أحمد</b>", last_name="النجّار")
    client.force_login(manager)

    assert "&lt;b&gt;أحمد&lt;/b&gt; النجّار" in row_of(client, user)


def test_an_old_sign_in_names_its_year(client, manager):
    long_ago = datetime(2024, 3, 5, 17, 30, tzinfo=UTC)
    AccessEvent.objects.create(kind="signed_in", actor=manager, actor_label="grant", at=long_ago)
    client.force_login(manager)

    assert "2024" in row_of(client, manager)
