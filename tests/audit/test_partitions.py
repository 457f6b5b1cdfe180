"""The audit lies in one partition a month (audit.partitions)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from audit.models import AccessEvent, LogEntry
from audit.reports.topics import EVERYTHING

pytestmark = pytest.mark.django_db
NEXT_MONTH = (datetime.now(UTC).replace(day=1) + timedelta(days=32)).replace(day=2)
APPEND = {
    "audit_accessevent": "(at, actor_label, kind, object_type, request_id, detail)"
    " VALUES (%s, 'x', 'listed', '', '', '{}')",
    "audit_logentry": "(timestamp, actor_label, object_pk, object_repr, action, changes_text, content_type_id)"
    " SELECT %s, 'x', '1', '', 1, '', min(id) FROM django_content_type",
}


@pytest.mark.parametrize("table", APPEND)
def test_a_row_lands_in_its_month_and_what_no_month_was_made_for_in_the_rest(table):
    places = []
    with connection.cursor() as cursor:
        for moment in [NEXT_MONTH, datetime(2090, 1, 1, tzinfo=UTC)]:
            cursor.execute(f"INSERT INTO {table} {APPEND[table]} RETURNING tableoid::regclass::text", [moment])
            places += cursor.fetchone()

    assert places == [f"{table}_{NEXT_MONTH:%Y_%m}", f"{table}_rest"]


@pytest.mark.parametrize(("model", "ask"), [(AccessEvent, EVERYTHING.accesses), (LogEntry, EVERYTHING.changes)])
def test_the_report_of_a_month_reads_that_month_alone(model, ask):
    plan = ask(NEXT_MONTH, NEXT_MONTH + timedelta(days=25)).explain()

    table = model._meta.db_table
    assert set(re.findall(rf" on ({table}\w*)", plan)) == {f"{table}_{NEXT_MONTH:%Y_%m}"}
