"""Statements that wait for the next one are part of their transaction all the same (i2a.held)."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from psycopg2.errors import InsufficientPrivilege, SyntaxError

from access.models import Team
from audit.actor import acting_as_system
from audit.models import LogEntry
from audit.signing import sign
from i2a.held import hold
from tests.factories import ContactFactory, TeamFactory

pytestmark = pytest.mark.django_db
ADD = "INSERT INTO thing (name) VALUES ('100 %% é')"
NOT_OURS = "INSERT INTO audit_rowchange (table_name) VALUES ('forged')"


@pytest.fixture
def session():
    """A session of its own, that may commit."""
    session = connection.get_new_connection(connection.get_connection_params())
    sign(session)
    with session.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE thing (name text)")
    session.commit()
    yield session
    session.close()


def wait(session, sql=ADD):
    with session.cursor() as cursor:
        session.held.append(cursor.mogrify(sql, []).decode() + ";\n")


def things(session, sql="SELECT name FROM thing", values=None):
    with session.cursor() as cursor:
        cursor.execute(sql, values)
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.parametrize(("rest", "values"), [("", None), ("", []), ("LIMIT %s", [9])])
def test_what_is_asked_next_sees_it(session, rest, values):
    wait(session)

    assert things(session, f"SELECT name FROM thing {rest}", values) == ["100 % é"]
    assert session.held == []


def test_a_commit_takes_it_along(session):
    wait(session)
    session.commit()
    session.rollback()

    assert len(things(session)) == 1


def test_a_commit_fails_with_it(session):
    things(session)
    wait(session, NOT_OURS)

    with pytest.raises(InsufficientPrivilege):
        session.commit()


def test_a_rollback_forgets_it(session):
    wait(session)
    session.rollback()

    assert things(session) == []


def test_a_savepoint_takes_along_what_was_before_and_going_back_to_it_forgets_what_came_after(session):
    with session.cursor() as cursor:
        wait(session)
        cursor.execute("SAVEPOINT here")
        wait(session)
        cursor.execute("ROLLBACK TO SAVEPOINT here")

    assert len(things(session)) == 1


def test_what_never_left_python_takes_nothing_along(session):
    wait(session)
    with session.cursor() as cursor, pytest.raises(IndexError):
        cursor.execute("SELECT %s, %s", ["one"])

    assert len(things(session)) == 1


def test_a_cursor_of_the_server_and_many_at_once_find_it(session):
    wait(session)
    with session.cursor("here") as cursor:
        cursor.execute("SELECT name FROM thing")
        assert len(cursor.fetchall()) == 1
    wait(session)
    with session.cursor() as cursor:
        cursor.executemany("UPDATE thing SET name = %s", [["a"], ["b"]])
        assert cursor.query == b"UPDATE thing SET name = 'b'"

    assert things(session) == ["b", "b"]


def test_a_log_of_queries_shows_each_by_itself(session):
    wait(session)
    with session.cursor() as cursor:
        cursor.execute("UPDATE thing SET name = %s", ["x"])
        assert cursor.query == b"UPDATE thing SET name = 'x'"


def test_without_a_transaction_it_does_not_wait(monkeypatch):
    monkeypatch.setattr(connection, "get_autocommit", lambda: True)

    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        hold(connection, "SELECT nonsense from", [])

    assert isinstance(refused.value.__cause__, SyntaxError)


def test_the_entry_of_a_save_waits_for_the_update_and_counts_as_a_statement(django_assert_num_queries):
    contact = ContactFactory()
    contact.category = "investor"
    LogEntry.objects.exists()

    with acting_as_system("test"), django_assert_num_queries(3):
        contact.save()

    assert connection.connection.held == []
    assert LogEntry.objects.latest("pk").changes["category"][1] == "investor"


def test_the_entry_of_what_is_taken_back_goes_with_it():
    team = TeamFactory()
    told = LogEntry.objects.count()

    with pytest.raises(RuntimeError), transaction.atomic():
        Team.objects.create(name="Gone")
        assert connection.connection.held != []
        raise RuntimeError

    Team.objects.filter(pk=team.pk).update(name=F("name"))
    assert LogEntry.objects.count() == told
