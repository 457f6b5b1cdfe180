"""Whoever changes the history past the application, even as owner of the tables, is found (T5, N12).

The database is a copy of its own, so that rows are really committed. Each test tampers as the owner of the tables,
verifies, and takes it back.
"""

import os
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings

from audit.actor import acting_as_system
from audit.heads import export_heads, heads_file, read_heads
from audit.models import Seal
from audit.sealing import seal
from audit.verifying import verify
from i2a.settings import database_from
from tests.live import copy_database, drop_database

APPEND = """
INSERT INTO audit_accessevent (at, actor_label, kind, object_type, request_id, detail)
SELECT now(), 'somebody', 'listed', '', 'r' || one, '{}' FROM generate_series(1, %s) AS one
"""


def run(sql, parameters=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else None


def become(url):
    role = database_from(url)
    connection.close()
    connection.settings_dict |= {"USER": role["USER"], "PASSWORD": role["PASSWORD"]}


def seal_all():
    """Once the transactions of other tests are over: those of other databases hold a seal back as well."""
    ((mine,),) = run("SELECT pg_current_xact_id()::text::bigint")
    end = time.monotonic() + 120
    while run("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")[0][0] <= mine:
        assert time.monotonic() < end, "a transaction of another test does not end"
        time.sleep(0.1)
    return seal()


@pytest.fixture(scope="module")
def sealed(django_db_setup, django_db_blocker, tmp_path_factory):
    """Three batches: one of the migrations, two of three rows each."""
    here = dict(connection.settings_dict)
    name = f"{here['NAME']}_sealed"
    heads = tmp_path_factory.mktemp("audit") / "heads"  # a beat of another test's may write into the settings' own
    with django_db_blocker.unblock(), override_settings(I2A_AUDIT_HEADS=str(heads)):
        connection.close()
        copy_database(connection.settings_dict["TEST"]["TEMPLATE"], name)
        connection.settings_dict["NAME"] = name
        become(os.environ["DATABASE_URL"])
        seal_all()
        for _batch in range(2):
            with acting_as_system("test"):
                run(APPEND, [3])
            seal_all()
        become(os.environ["DATABASE_OWNER_URL"])
        run("ALTER TABLE audit_accessevent DISABLE TRIGGER USER")
        run("ALTER TABLE audit_seal DISABLE TRIGGER USER; ALTER TABLE audit_stretch DISABLE TRIGGER USER")
        yield
        connection.close()
        connection.settings_dict.update(here)
        drop_database(name)


@pytest.fixture(autouse=True)
def taken_back(sealed, django_db_blocker):
    heads = heads_file().read_bytes()
    with django_db_blocker.unblock():
        block = transaction.atomic()
        block._from_testcase = True  # as the block of any other test: our own may begin within it
        with block:
            yield
            transaction.set_rollback(True)
    heads_file().write_bytes(heads)


def fault():
    found = verify().fault
    return found and (found.number, found.why)


def test_what_nobody_touched_is_sound(capsys):
    verdict = verify()

    assert (verdict.fault, verdict.upto, verdict.seals, verdict.heads) == (None, 3, 3, 3)
    call_command("audit_verify")
    assert "Sound up to batch 3" in capsys.readouterr().out


OF_BATCH_2 = "id = (SELECT min(id) FROM audit_accessevent)"
TAMPERED = {
    "a row is changed": f"UPDATE audit_accessevent SET actor_label = 'x' WHERE {OF_BATCH_2}",
    "its hidden time is changed": f"UPDATE audit_accessevent SET written_at = '2020-01-01' WHERE {OF_BATCH_2}",
    "a row is removed": f"DELETE FROM audit_accessevent WHERE {OF_BATCH_2}",
    "a row is put in": "INSERT INTO audit_accessevent (at, actor_label, kind, object_type, request_id, detail, txid)"
    " SELECT now(), 'x', 'listed', '', '', '{}', min(txid::text)::xid8 FROM audit_accessevent",
    "two rows change places": "UPDATE audit_accessevent SET id = -id WHERE id IN"
    " (SELECT id FROM audit_accessevent ORDER BY id LIMIT 2)",
    "a row moves to the next batch": "UPDATE audit_accessevent SET txid ="
    f" (SELECT max(txid::text) FROM audit_accessevent)::xid8 WHERE {OF_BATCH_2}",
}


@pytest.mark.parametrize("sql", TAMPERED.values(), ids=TAMPERED)
def test_the_first_bad_batch_is_named(sql):
    run(sql)

    assert fault() == (2, "rows")
    with pytest.raises(CommandError, match=r"Batch 2 is the first bad one: rows of audit_accessevent") as refused:
        call_command("audit_verify")
    assert refused.value.returncode == 1


def test_a_change_whose_seal_is_changed_with_it_breaks_the_chain():
    run(TAMPERED["a row is removed"])
    run("UPDATE audit_seal SET parts = jsonb_set(parts, '{audit_accessevent,0}', '2') WHERE number = 2")

    assert fault() == (2, "chain")


def test_a_seal_taken_out_is_missed():
    run("DELETE FROM audit_seal WHERE number = 2")

    assert fault() == (2, "gap")


def test_a_cut_end_is_found_by_the_heads_outside():
    run("DELETE FROM audit_accessevent WHERE txid >= (SELECT from_txid FROM audit_seal WHERE number = 3)")
    run("DELETE FROM audit_rowchange WHERE false; DELETE FROM audit_seal WHERE number = 3")

    assert fault() == (3, "tail")


def test_a_history_rebuilt_from_the_ground_is_found_by_the_heads_outside():
    run(TAMPERED["a row is removed"])
    run("TRUNCATE audit_seal, audit_stretch CASCADE")
    seal()

    assert fault() == (1, "rebuilt")


def test_without_the_heads_a_rebuilt_history_looks_sound():
    """Why they are kept on another machine."""
    run(TAMPERED["a row is removed"])
    run("TRUNCATE audit_seal, audit_stretch CASCADE")
    heads_file().unlink()
    seal()

    assert fault() is None


def test_a_damaged_file_of_heads_is_no_proof():
    heads_file().write_text("nonsense\n")

    assert fault() == (3, "heads")


def test_a_file_kept_elsewhere_is_compared(tmp_path: Path):
    kept = tmp_path / "kept"
    kept.write_bytes(heads_file().read_bytes().replace(b"\n3 ", b"\n4 "))

    with pytest.raises(CommandError, match="Batch 4 is the first bad one: it was sealed and is gone"):
        call_command("audit_verify", head=kept)
    with pytest.raises(CommandError, match="There is no file"):
        call_command("audit_verify", head=tmp_path / "none")


def test_heads_are_written_once():
    assert export_heads() == 0
    heads_file().unlink()
    assert export_heads() == 3
    assert [head.number for head in read_heads(heads_file())] == [1, 2, 3]


def test_what_is_not_over_is_not_sealed():
    """This test's own transaction runs while it asks."""
    run(APPEND, [1])

    assert seal() is None


def test_a_second_beat_does_nothing_meanwhile():
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(5202611)")
        assert seal() is None
    finally:
        other.close()


def test_a_new_column_begins_a_new_stretch_and_breaks_nothing():
    run("ALTER TABLE audit_accessevent ADD COLUMN purpose text NOT NULL DEFAULT ''")

    assert seal() == 4
    assert fault() is None
    assert Seal.objects.get(number=4).stretch.number == 2


@contextmanager
def in_another_cluster(*, up_to):
    """The functions that tell where we are answer something else. `up_to`: all transactions before are over."""
    run("ALTER FUNCTION audit_make_seal() SET search_path = public, pg_catalog")
    run(
        "CREATE FUNCTION pg_control_system() RETURNS TABLE (system_identifier bigint)"
        " LANGUAGE sql AS 'SELECT 1::bigint'"
    )
    run(
        "CREATE FUNCTION pg_snapshot_xmin(pg_snapshot) RETURNS xid8 LANGUAGE sql AS $$SELECT '%s'::xid8$$",
        [up_to],
    )
    yield
    run("DROP FUNCTION public.pg_control_system(); DROP FUNCTION public.pg_snapshot_xmin(pg_snapshot)")


def test_a_restored_dump_begins_a_new_stretch_though_transactions_count_from_a_lower_number():
    run("TRUNCATE audit_seal, audit_stretch CASCADE")
    heads_file().unlink()
    with in_another_cluster(up_to=9_000_000):
        run(APPEND, [2])
        run("UPDATE audit_accessevent SET txid = '8999999'")
        assert seal() == 1
        run(APPEND, [1])  # too late for the old cluster's last seal
        run("UPDATE audit_accessevent SET txid = '9000005' WHERE id = (SELECT max(id) FROM audit_accessevent)")
    run(APPEND, [1])  # here, before it was noticed

    assert (seal(), fault()) == (2, None)
    assert Seal.objects.get(number=2).parts["audit_accessevent"][0] == 2
    run("UPDATE audit_accessevent SET actor_label = 'x' WHERE txid = '9000005'")
    assert fault() == (2, "rows")
