"""A database in which rows are really committed and sealed, for the tests that tamper with it."""

import os

import pytest
from django.db import connection, transaction
from django.test import override_settings

from audit.actor import acting_as_system
from audit.heads import heads_file
from tests.audit.tampering import APPEND, become, run, seal_all
from tests.live import copy_database, drop_database


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
        for _one in range(9):
            run("SELECT pg_current_xact_id()")  # numbers of transactions for the batches that tests make up
        run("ALTER TABLE audit_accessevent DISABLE TRIGGER USER")
        run("ALTER TABLE audit_seal DISABLE TRIGGER USER; ALTER TABLE audit_stretch DISABLE TRIGGER USER")
        run("ALTER TABLE audit_rowchange DISABLE TRIGGER USER; ALTER TABLE audit_disposal DISABLE TRIGGER USER")
        yield
        connection.close()
        connection.settings_dict.update(here)
        drop_database(name)


@pytest.fixture
def taken_back(sealed, django_db_blocker):
    heads = heads_file().read_bytes()
    with django_db_blocker.unblock():
        block = transaction.atomic()
        block._from_testcase = True  # as the block of any other test: our own may begin within it
        with block:
            yield
            transaction.set_rollback(True)
    heads_file().write_bytes(heads)
