"""Whoever changes the history past the application, even as owner of the tables, is found (T5, N12).

The database is a copy of its own, so that rows are really committed. Each test tampers as the owner of the tables,
verifies, and takes it back.
"""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit.heads import export_heads, heads_file, read_heads
from audit.models import Seal
from audit.sealing import seal
from audit.verifying import verify
from tests.audit.tampering import APPEND, as_if, fault, run

pytestmark = pytest.mark.usefixtures("taken_back")


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


def test_a_restored_dump_begins_a_new_stretch_though_transactions_count_from_a_lower_number():
    run("TRUNCATE audit_seal, audit_stretch CASCADE")
    heads_file().unlink()
    with as_if(up_to=9_000_000, cluster=1):
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
