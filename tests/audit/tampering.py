"""What the tests do in the database of the fixture `sealed` (conftest.py)."""

import time
from contextlib import contextmanager

from django.db import connection

from audit.sealing import seal
from audit.verifying import verify
from i2a.settings import database_from

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


def fault():
    found = verify().fault
    return found and (found.number, found.why)


@contextmanager
def as_if(*, up_to, cluster=None, at=None):
    """Who makes a seal meanwhile believes all transactions before `up_to` to be over, the cluster and the time."""
    fakes = {"pg_snapshot_xmin(pg_snapshot)": f"RETURNS xid8 LANGUAGE sql AS $$SELECT '{up_to}'::xid8$$"}
    if cluster:
        fakes["pg_control_system()"] = (
            f"RETURNS TABLE (system_identifier bigint) LANGUAGE sql AS 'SELECT {cluster}::bigint'"
        )
    if at:
        fakes["clock_timestamp()"] = f"RETURNS timestamptz LANGUAGE sql AS $$SELECT '{at}'::timestamptz$$"
    run("ALTER FUNCTION audit_make_seal() SET search_path = public, pg_catalog")
    for name, body in fakes.items():
        run(f"CREATE FUNCTION public.{name} {body}")
    yield
    run("DROP FUNCTION " + ", ".join(f"public.{name}" for name in fakes))
