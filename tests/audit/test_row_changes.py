"""The database writes down every change itself, whoever makes it and however (N13, T1)."""

import io

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from access.models import Team, User
from audit.actor import acting_as, acting_as_system
from audit.models import RowChange
from audit.registry import auditlog
from audit.row_changes import NEVER_WATCHED, NOT_WATCHED, TRANSITION_TABLES, Watch, trigger_name
from outbox.side import side_connection
from tests.factories import TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
# Tables of the same names in other databases' schemas do not count.
TRIGGERS = """
SELECT tgrelid::regclass::text, tgname FROM pg_trigger
WHERE tgfoid = 'audit_row_change'::regproc AND NOT tgisinternal AND tgenabled = 'O'
"""
# Not registered with auditlog, and watched all the same.
MORE = {
    "guardian_groupobjectpermission": "gives access",
    "guardian_userobjectpermission": "gives access",
    "contacts_consentstate": "decides whether mail may leave",
    "contacts_suppression": "decides whether mail may leave",
}


def ask(sql, parameters=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else None


def changes(table="access_team", **conditions):
    rows = RowChange.objects.filter(table_name=table, **conditions).order_by("pk")
    return [(row.operation, row.actor_id, row.actor_label) for row in rows]


@pytest.fixture
def team():
    return TeamFactory(name="North")


@pytest.fixture
def before(team, specialist):
    """From here on: the key of the last change."""
    return RowChange.objects.latest("pk").pk


def registered_tables():
    for model in auditlog.get_models():
        yield model._meta.db_table
        for name in auditlog._registry[model]["m2m_fields"]:
            yield getattr(model, name).through._meta.db_table


def test_every_table_of_the_history_is_watched_and_no_other_by_accident():
    watched = {table for table, _trigger in ask(TRIGGERS)}

    assert watched == set(registered_tables()) - set(NOT_WATCHED) | set(MORE)


def test_all_four_triggers_are_there_and_on():
    found = set(ask(TRIGGERS))

    assert found == {
        (table, trigger_name(table, operation)) for table, _trigger in found for operation in TRANSITION_TABLES
    }


def test_answers_to_surveys_cannot_be_watched():
    for table in NEVER_WATCHED:
        with pytest.raises(ValueError, match="must never be watched"):
            Watch(table)


def test_update_bulk_raw_sql_and_groups_are_seen_and_signed(team, before, specialist):
    with acting_as(specialist):
        Team.objects.filter(pk=team.pk).update(name="South")
        Team.objects.bulk_create([Team(name="A"), Team(name="B")])
        ask("UPDATE access_team SET is_active = false WHERE id = %s", [team.pk])
        ask("WITH gone AS (DELETE FROM access_team WHERE name = 'B' RETURNING id) SELECT id FROM gone")

    person = (specialist.pk, "maya")
    assert changes(pk__gt=before) == [("U", *person), ("I", *person), ("I", *person), ("U", *person), ("D", *person)]
    named = RowChange.objects.filter(pk__gt=before, operation="U").order_by("pk")
    assert [(row.key, row.columns) for row in named] == [(team.pk, ["name"]), (team.pk, ["is_active"])]


def test_what_changes_nothing_leaves_nothing(team, before):
    Team.objects.filter(pk=team.pk).update(name=F("name"))
    Team.objects.filter(pk=-1).update(name="x")

    assert changes(pk__gt=before) == []


def test_many_to_many_rows_are_seen(specialist):
    from django.contrib.auth.models import Group

    before = RowChange.objects.latest("pk").pk
    with acting_as_system("test"):
        specialist.groups.add(Group.objects.create(name="Extra"))

    assert changes("access_user_groups", pk__gt=before) == [("I", None, "system:test")]


def test_each_statement_is_signed_by_who_acts_then_also_after_a_savepoint(team, before, specialist):
    other = UserFactory(username="it's 100 %".replace(" ", "."))
    mark = RowChange.objects.latest("pk").pk
    with acting_as(specialist):
        with pytest.raises(DatabaseError), transaction.atomic():
            Team.objects.filter(pk=team.pk).update(name="Gone")
            ask("SELECT 1/0")
        with acting_as(other), transaction.atomic():
            Team.objects.filter(pk=team.pk).update(name="Kept")
        Team.objects.filter(pk=team.pk).update(name="After")
    Team.objects.filter(pk=team.pk).update(name="Unsigned")

    assert changes(pk__gt=mark) == [
        ("U", other.pk, other.username),
        ("U", specialist.pk, "maya"),
        ("U", None, "unsigned"),
    ]


def test_copy_and_executemany_are_signed(team, before):
    with acting_as_system("import"), connection.cursor() as cursor:
        cursor.executemany("UPDATE access_team SET name = %s WHERE id = %s", [("100 %", team.pk), ("b", team.pk)])
        cursor.copy_expert("COPY access_team (name, is_active) FROM STDIN", io.StringIO("Copied\tt\n"))

    assert changes(pk__gt=before) == [("U", None, "system:import")] * 2 + [("I", None, "system:import")]


def test_a_further_connection_signs_too(django_db_blocker):
    with acting_as_system("sender"), side_connection() as side, side.cursor() as cursor:
        cursor.execute("PREPARE one AS SELECT $1::text")
        cursor.execute("EXECUTE one (%s)", ["100 %"])
        assert cursor.fetchall() == [("100 %",)]
        assert cursor.query == b"EXECUTE one ('100 %')"
        cursor.execute("WITH who AS (SELECT current_setting('i2a.actor') AS words) SELECT words FROM who")
        assert cursor.fetchall() == [("||system:sender",)]


def test_a_forged_signature_breaks_no_write(team, before):
    ask("SELECT set_config('i2a.actor', '99999999999999999999|x', true)")
    with connection.connection.cursor() as cursor:
        super(type(cursor), cursor).execute("UPDATE access_team SET name = 'x' WHERE id = %s", [team.pk])

    assert changes(pk__gt=before) == [("U", None, "unsigned")]


def test_reads_are_not_signed_and_logs_show_what_was_asked(team, django_assert_num_queries):
    with django_assert_num_queries(2) as queries:
        User.objects.first()
        Team.objects.filter(pk=team.pk).update(name="x")

    assert [query["sql"].split()[0] for query in queries] == ["SELECT", "UPDATE"]
