"""Months past their time go as a whole, no sooner, and the seal still proves all the rest (R-CON-13, L-06).

In the database of `sealed`, as the owner of the tables, taken back after each test. Row changes stand for all three
tables, which the same function removes.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from access.models import User
from audit.disposal import check_months, dispose
from audit.models import Disposal, ReviewItem
from audit.seal_page import removed
from audit.sealing import seal
from audit.verifying import verify_and_keep
from tests.audit.tampering import as_if, fault, run

pytestmark = pytest.mark.usefixtures("taken_back", "kept_for_five_years")
APPEND = """
INSERT INTO audit_rowchange (at, txid, table_name, operation, columns, actor_label, request_id)
SELECT day, %s::text::xid8, 'x', 'T', '{}', 'x', '' FROM unnest(%s::timestamptz[]) AS day
"""


def first_day(months_ago):
    today = datetime.now(UTC)
    year, month = divmod(today.year * 12 + today.month - 1 - months_ago, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)


DAY = timedelta(days=1)
PAST, AFTER, END = (first_day(months) for months in [61, 60, 59])  # only the first is past its time


@pytest.fixture
def kept_for_five_years(settings):
    settings.I2A_DEMO = False
    settings.I2A_AUDIT_MONTHS = 60


def make_month(begins, ends):
    run(
        f"CREATE TABLE audit_rowchange_{begins:%Y_%m} PARTITION OF audit_rowchange"
        f" FOR VALUES FROM ('{begins}') TO ('{ends}')"
    )


def write_and_seal(*days, at=None):
    ((txid,),) = run("SELECT to_txid::text::bigint FROM audit_seal ORDER BY number DESC LIMIT 1")
    run(APPEND, [txid, list(days)])
    with as_if(up_to=txid + 1, at=at):
        return seal()


def write_old_months(*, sealed_at=AFTER):
    """Three rows of a month past its time; the last of them under one seal with a row of the month after."""
    make_month(PAST, AFTER)
    make_month(AFTER, END)
    assert write_and_seal(PAST, PAST + DAY, at=PAST + DAY) == 4
    assert write_and_seal(AFTER - DAY, AFTER, at=sealed_at) == 5
    assert write_and_seal(AFTER + DAY, at=AFTER + DAY) == 6


def kept_because():
    return {why for _table, _month, why in dispose().detail["kept"]}


def test_a_month_past_its_time_goes_and_the_seal_proves_what_is_left(capsys):
    write_old_months()
    assert verify_and_keep().fault is None

    check = dispose()

    assert (check.is_sound, check.detail) == (True, {"rows": 3, "kept": []})
    gone = Disposal.objects.get()
    assert (gone.table_name, gone.begins, gone.rows, gone.months, gone.upto) == ("audit_rowchange", PAST, 3, 60, 5)
    assert run("SELECT min(at) FROM audit_rowchange") == [(AFTER,)]
    assert dispose() is None
    call_command("audit_verify")
    assert f"Removed: audit_rowchange {PAST:%Y-%m}, 3 rows" in capsys.readouterr().out
    run(f"UPDATE audit_rowchange SET actor_label = 'y' WHERE at = '{AFTER}'")
    assert fault() == (5, "rows")


def test_the_next_month_goes_as_well_when_its_time_comes(settings):
    write_old_months()
    verify_and_keep()
    dispose()
    settings.I2A_AUDIT_MONTHS = 59
    verify_and_keep()

    assert dispose().detail["rows"] == 2
    assert fault() is None
    run("DELETE FROM audit_disposal WHERE id = (SELECT max(id) FROM audit_disposal)")
    assert fault() == (5, "rows")


def test_it_stays_until_it_is_sealed():
    write_old_months()
    verify_and_keep()
    run(APPEND, [2**40, [PAST]])

    assert kept_because() == {"unsealed"}


def test_it_stays_until_the_seal_was_verified():
    write_old_months()

    assert kept_because() == {"unsound"}
    run(f"UPDATE audit_rowchange SET actor_label = 'y' WHERE at = '{PAST}'")
    verify_and_keep()
    assert kept_because() == {"unsound"}


def test_what_was_written_or_sealed_late_stays_and_is_told_once():
    write_old_months(sealed_at=datetime.now(UTC))
    verify_and_keep()

    assert [dispose().is_sound, dispose().is_sound] == [False, True]
    assert kept_because() == {"late"}


def test_it_stays_while_a_reading_in_it_is_to_be_reviewed():
    write_old_months()
    verify_and_keep()
    reader = User.objects.create(username="reader")
    ReviewItem.objects.create(rule="sample", reader=reader, since=PAST, until=PAST + DAY, count=1, reads=[1])

    assert kept_because() == {"review"}


def test_what_was_kept_is_told_no_more_once_the_owner_keeps_it_longer(settings):
    write_old_months()
    assert kept_because() == {"unsound"}

    settings.I2A_AUDIT_MONTHS = 72

    assert (kept_because(), dispose()) == (set(), None)


def test_nobody_gets_a_month_removed_before_two_years_are_over():
    begins, ends = first_day(24), first_day(23)
    make_month(begins, ends)
    write_and_seal(begins, at=begins)
    verify_and_keep()

    assert run("SELECT * FROM audit_dispose(1)") == []


@pytest.mark.parametrize("ends", [PAST, datetime.now(UTC)])
def test_what_a_superuser_removes_before_its_time_is_named(ends):
    """Whatever month they say it was: the seal tells when the rows were there."""
    run("DELETE FROM audit_accessevent")
    run(
        "INSERT INTO audit_disposal (table_name, ends, rows, months, upto, left_rows, left_digest, at)"
        " VALUES ('audit_accessevent', %s, 6, 60, 3, 0, '', clock_timestamp())",
        [ends],
    )

    assert fault() == (3, "early")


def test_a_removal_from_a_table_that_was_never_sealed_is_named():
    """A row that no function of ours writes breaks neither the check nor the page."""
    run(
        "INSERT INTO audit_disposal (table_name, ends, rows, months, upto, left_rows, left_digest, at)"
        " VALUES ('audit_nothing', %s, 0, 60, 3, 0, '', clock_timestamp())",
        [PAST],
    )

    assert fault() == (3, "early")
    assert [words for words, _gone in removed()] == ["audit_nothing"]


def test_fewer_than_24_months_are_refused_at_the_start(settings):
    assert check_months(None) == []
    settings.I2A_AUDIT_MONTHS = 23

    assert [error.msg for error in check_months(None)] == ["The audit cannot be kept for less than 24 months."]
