"""What the web and worker role may not do, tried with raw SQL (design §6, INV-08, reliability goal T4)."""

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from audit import writable
from audit.models import AccessEvent, LogEntry, SavedReport
from audit.services import record_access
from i2a.health import OK
from i2a.settings import database_from
from tests.factories import TeamFactory

pytestmark = pytest.mark.django_db
APPEND_ONLY = {
    "access_registerevent": "register_event",
    "audit_accessevent": "access_event",
    "audit_auditexport": "audit_export",
    "audit_check": "check",
    "audit_discrepancy": "discrepancy",
    "audit_disposal": "disposal",
    "audit_logentry": "log_entry",
    "audit_rowchange": "row_change",
    "audit_seal": "seal",
    "audit_stretch": "seal",
    "calls_sentdocument": "sent_document",
    "contacts_accessdecision": "access_decision",
    "contacts_consentevent": "consent_event",
    "contacts_contactexport": "contact_export",
    "contacts_mergerecord": "merge_record",
    "contacts_noterevision": "note_revision",
    "contacts_openingreason": "opening_reason",
    "contacts_suppression": "suppression",
    "outbox_messageevent": "message_event",
    "surveys_answer": "survey_answer",
    "surveys_response": "survey_response",
    "surveys_ticket": "survey_ticket",
}
WATCHED_BY_THE_SEAL = {
    "audit_logentry",
    "audit_accessevent",
    "audit_rowchange",
    "audit_disposal",
    "contacts_consentevent",
    "outbox_messageevent",
}
WRITTEN_BY_THE_DATABASE = {"audit_rowchange", "audit_seal", "audit_stretch", "audit_disposal"}
FORBIDDEN = [
    "TRUNCATE contacts_contact CASCADE",
    "DROP TABLE audit_accessevent",
    "DROP TABLE contacts_contact CASCADE",
    "ALTER TABLE audit_logentry DISABLE TRIGGER ALL",
    "ALTER TABLE audit_logentry ADD COLUMN note text",
    "ALTER TABLE audit_logentry OWNER TO CURRENT_USER",
    "DROP TRIGGER audit_logentry_rows ON audit_logentry",
    "CREATE TRIGGER mine BEFORE INSERT ON audit_logentry FOR EACH ROW EXECUTE FUNCTION refuse_change('x')",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
    "DROP FUNCTION refuse_change() CASCADE",
    "INSERT INTO audit_rowchange (table_name) VALUES ('x')",
    "INSERT INTO audit_accessevent (written_at) VALUES ('2020-01-01')",
    "INSERT INTO audit_logentry (txid) VALUES ('1')",
    "INSERT INTO contacts_consentevent (written_at) VALUES ('2020-01-01')",
    "INSERT INTO outbox_messageevent (id) VALUES (1)",
    "INSERT INTO audit_seal (number) VALUES (1)",
    "DELETE FROM audit_rowchange_rest",
    "SELECT FROM audit_accessevent_first",
    "UPDATE audit_accessevent_first SET actor_label = 'x'",
    "TRUNCATE audit_logentry_first",
    "DROP TABLE audit_logentry_rest",
    "ALTER TABLE audit_logentry DETACH PARTITION audit_logentry_first",
    "INSERT INTO audit_disposal (rows) VALUES (1)",
    "SELECT audit_close_partition('audit_logentry_first')",
    "DROP TRIGGER contacts_contact_watch_update ON contacts_contact",
    "ALTER TABLE contacts_contact DISABLE TRIGGER ALL",
    "SELECT audit_settle_rights('i2a_app', 'i2a_app')",
    "CREATE TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "SET session_replication_role = replica",
    "SELECT setval('audit_logentry_id_seq', 1)",
]


def run(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def ask(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


@pytest.fixture
def owner(owner_url):
    """A connection as the role that migrates, to the same database. Nothing of it is committed."""
    role, here = database_from(owner_url), connection.settings_dict
    owner = psycopg2.connect(
        dbname=here["NAME"], user=role["USER"], password=role["PASSWORD"], host=here["HOST"], port=here["PORT"] or None
    )
    yield owner.cursor()
    owner.rollback()
    owner.close()


def test_the_product_does_not_run_as_the_owner(owner):
    owner.execute("SELECT current_user")

    assert ask("SELECT current_user") != owner.fetchall()
    assert ask(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ) == [(False, False, False, False)]


def test_every_table_that_refuses_changes_is_tried_here():
    found = ask(
        "SELECT DISTINCT relname::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE tgfoid = 'refuse_change'::regproc AND NOT relispartition"
    )

    assert {table for (table,) in found} == set(APPEND_ONLY)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_rows_that_are_evidence_can_only_be_added(table):
    rights = ["SELECT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER"]

    held = {right for right in rights if ask("SELECT has_table_privilege(%s, %s)", table, right) == [(True,)]}

    assert held == {"SELECT"}
    assert ask("SELECT has_any_column_privilege(%s, 'UPDATE')", table) == [(False,)]
    may_insert = ask("SELECT has_any_column_privilege(%s, 'INSERT')", table) == [(True,)]
    assert may_insert == (table not in WRITTEN_BY_THE_DATABASE)


def test_a_partition_is_reached_through_its_table_alone():
    """The owner's default privileges give the product new tables; a partition must not be one of them."""
    rights = "SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER"

    partitions = ask(
        "SELECT relname::text, has_table_privilege(oid, %s) FROM pg_class WHERE relispartition"
        " AND relkind = 'r' AND relnamespace = 'public'::regnamespace",
        rights,
    )

    assert len(partitions) > 2
    assert [name for name, is_reached in partitions if is_reached] == []


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_changing_evidence_is_refused(table):
    ((column,),) = ask("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", table)
    for sql in [
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"DROP TABLE {table} CASCADE",
    ]:
        with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
            run(sql)


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_the_product_cannot_change_the_house(sql):
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
        run(sql)


def test_an_auditor_reads_the_audit_and_nothing_else(owner):
    owner.execute("SELECT to_regrole('i2a_auditor') IS NOT NULL")
    assert owner.fetchone() == (True,), "every server has the role i2a_auditor (docs/operations.md)"
    rights = "SELECT array_agg(relname::text) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN"
    owner.execute(f"{rights} ('r', 'p') AND has_table_privilege('i2a_auditor', oid, 'SELECT')")
    may_read = set(owner.fetchone()[0])
    owner.execute(
        f"{rights} ('r', 'p') AND has_table_privilege('i2a_auditor', oid, 'INSERT, UPDATE, DELETE, TRUNCATE')"
    )
    may_write = owner.fetchone()[0]

    assert may_write is None
    assert may_read == WATCHED_BY_THE_SEAL | {"audit_seal", "audit_stretch", "audit_check", "audit_discrepancy"}


def test_it_cannot_become_the_owner(owner_url):
    with pytest.raises(DatabaseError, match="permission denied"):
        run(f'SET ROLE "{database_from(owner_url)["USER"]}"')


def test_the_orm_gives_no_way_round(specialist):
    record_access(kind=AccessEvent.Kind.LISTED)
    TeamFactory(name="Audited")

    for attempt in [
        lambda: AccessEvent.objects.all().delete(),
        lambda: AccessEvent.objects.update(actor_label="nobody"),
        lambda: LogEntry.objects.all().delete(),
        lambda: LogEntry.objects.latest("pk").save(),
    ]:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_triggers_hold_against_the_owner_too(owner, table):
    with pytest.raises(psycopg2.IntegrityError, match=f"{APPEND_ONLY[table]} is append-only"):
        owner.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("verb", ["UPDATE audit_accessevent SET actor_label = 'x'", "DELETE FROM audit_accessevent"])
def test_row_triggers_hold_against_the_owner_too(owner, verb):
    owner.execute(
        "INSERT INTO audit_accessevent (at, actor_label, kind, object_type, request_id, detail)"
        " VALUES (now(), 'x', 'listed', '', '', '{}')"
    )

    with pytest.raises(psycopg2.IntegrityError, match="access_event is append-only"):
        owner.execute(verb)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_both_triggers_are_there_and_on(table):
    triggers = ask(
        "SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s",
        table,
        f"{table}_%",
    )

    assert {(f"{table}_rows", "O"), (f"{table}_truncate", "O")} <= set(triggers)


@pytest.mark.parametrize("arguments", [[], ["--yes"], ["--truncate", "-y"], ["--before-date", "2020-01-01"]])
def test_auditlogflush_refuses_in_words(arguments):
    with pytest.raises(CommandError, match="The audit history is never removed"):
        call_command("auditlogflush", *arguments)


def test_no_command_of_django_empties_the_tables():
    with pytest.raises(CommandError, match="couldn't be flushed"):
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def refusing(owner, django_db_blocker):
    """The application may not write the audit; as when its disk is full."""
    app = ask("SELECT current_user")[0][0]
    owner.execute(f'REVOKE INSERT (kind) ON audit_accessevent FROM "{app}"')
    owner.execute(f'REVOKE INSERT (action) ON audit_logentry FROM "{app}"')
    owner.connection.commit()
    writable.doubt()
    yield
    owner.execute(f'GRANT INSERT (kind) ON audit_accessevent TO "{app}"')
    owner.execute(f'GRANT INSERT (action) ON audit_logentry TO "{app}"')
    owner.connection.commit()


def test_what_cannot_be_recorded_does_not_happen_and_a_page_says_so(client, manager, refusing):
    client.force_login(manager)

    read = client.get("/access/register/")
    done = client.post("/audit/reports/new/?did=views", {"name": "Mine"})

    assert (read.status_code, manager.last_name in read.text) == (503, False)
    assert "must be recorded, and right now it cannot be" in read.text
    assert (done.status_code, SavedReport.objects.count()) == (503, 0)


def test_a_refusal_that_cannot_be_recorded_says_so_too(client, manager, refusing):
    """It happens before any view."""
    client.force_login(manager)
    client.raise_request_exception = False

    response = client.get("/contacts/new/")

    assert response.status_code == 503
    assert "must be recorded, and right now it cannot be" in response.text


def test_those_who_watch_are_told_although_nobody_is_at_work(client, refusing, caplog):
    answer = client.get("/healthz")
    writable.alarm()

    assert (answer.status_code, answer.json()["audit"]) == (503, "refuses")
    assert "The audit cannot be written" in caplog.text


def test_asking_whether_the_audit_can_be_written_leaves_nothing(client):
    before = AccessEvent.objects.count(), LogEntry.objects.count()

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()["audit"]) == (200, "ok")
    assert (AccessEvent.objects.count(), LogEntry.objects.count()) == before


def trials(queries):
    return [query for query in queries if query["sql"].replace('"', "").startswith("INSERT INTO audit_")]


def test_whoever_asks_again_and_again_makes_one_trial_in_ten_seconds(client, monkeypatch):
    writable.doubt()
    seconds = 1_000.0
    monkeypatch.setattr(writable.time, "monotonic", lambda: seconds)
    with CaptureQueriesContext(connection) as asked:
        for _ in range(5):
            assert client.get("/healthz").json()["audit"] == "ok"
    seconds += writable.BELIEVED_FOR
    with CaptureQueriesContext(connection) as later:
        client.get("/healthz")

    assert (len(trials(asked)), len(trials(later))) == (2, 2), "an entry of each kind, once"


def test_a_page_that_could_not_be_recorded_makes_the_health_check_try_at_once(client, manager, request):
    """Also while a trial is believed that went well a moment ago; and a failure is never believed."""
    client.force_login(manager)
    assert client.get("/healthz").status_code == 200
    trusted = writable._wrote
    request.getfixturevalue("refusing")
    writable._wrote = trusted
    assert client.get("/healthz").status_code == 200

    page = client.get("/access/register/")

    assert (page.status_code, client.get("/healthz").status_code) == (503, 503)


def test_when_the_audit_can_be_written_again_the_health_check_says_so_at_once(client, monkeypatch):
    answers = [writable.REFUSES, OK]
    monkeypatch.setattr(writable, "tried", lambda: answers.pop(0))
    writable.doubt()

    assert [client.get("/healthz").status_code for _ in range(2)] == [503, 200]


def test_if_the_record_of_reading_cannot_be_written_the_page_is_not_shown(client, manager, monkeypatch):
    """Fail closed (reliability goal T8)."""
    client.force_login(manager)
    client.raise_request_exception = False

    def full(*args, **kwargs):
        raise DatabaseError("no space left on device")

    monkeypatch.setattr(AccessEvent.objects, "create", full)

    response = client.get("/access/register/")

    assert response.status_code == 500
    assert manager.last_name not in response.text
