"""The nightly comparison of row changes and readable history (T1, N13)."""

from datetime import timedelta

import pytest
from django.db import connection

from access.models import Team
from audit.actor import acting_as, acting_as_system
from audit.models import AccessEvent, Check, Discrepancy, RowChange
from audit.reconciliation import reconcile
from i2a import clock
from tests.factories import MessageFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def settled(monkeypatch):
    """This test's own transaction counts as over, and what was before it as looked at."""
    monkeypatch.setattr("audit.reconciliation.SETTLED", "SELECT pg_current_xact_id()::text::bigint + 1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (here,) = cursor.fetchone()
    Check.objects.create(kind="rows", at="2026-01-01T00:00Z", actor_label="x", is_sound=True, upto=here, seconds=0)


def found():
    check = reconcile()
    rows = Discrepancy.objects.filter(found_by=check).order_by("pk")
    return [(row.kind, row.table_name, row.operation, row.actor_label, row.rows) for row in rows]


def test_what_the_product_does_is_explained(specialist):
    with acting_as(specialist):
        team = TeamFactory(name="North")
        team.name = "South"
        team.save()
        person = UserFactory()
        person.groups.create(name="Extra")
        person.set_password("not in the history")
        person.save()
        MessageFactory()

    # What the fixtures made before anybody acted.
    assert {(kind, label) for kind, _table, _operation, label, _rows in found()} <= {("unsigned", "unsigned")}


def test_an_unsigned_write_is_found_once():
    TeamFactory(name="Nobody's")

    first = found()

    assert first == [("unsigned", "access_team", "I", "unsigned", 1)]
    assert Check.objects.latest("pk").detail["found"] == 1


def test_a_signed_write_without_an_entry_is_found_with_its_columns(specialist):
    with acting_as_system("test"):
        one, two = TeamFactory(name="One"), TeamFactory(name="Two")
        mark = RowChange.objects.latest("pk").pk
        Team.objects.filter(pk__in=[one.pk, two.pk]).update(is_active=False)

    assert ("unexplained", "access_team", "U", "system:test", 2) in found()
    row = Discrepancy.objects.get(kind="unexplained")
    assert (row.columns, sorted(row.keys)) == (["is_active"], sorted([one.pk, two.pk]))
    assert RowChange.objects.filter(pk__gt=mark).count() == 2


@pytest.mark.parametrize(("is_demo", "expected"), [(True, []), (False, [("backdated", "audit_accessevent", 1)])])
def test_an_entry_that_claims_another_time_is_found_unless_the_clock_may_be_set(settings, is_demo, expected):
    settings.I2A_DEMO = is_demo
    now = clock.now()
    AccessEvent.objects.create(kind="listed", at=now - timedelta(days=1), actor_label="x")

    assert [(kind, table, rows) for kind, table, _operation, _label, rows in found()] == expected
