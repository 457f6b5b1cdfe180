"""The test database: migrated by the owner role, used as the app role, as in production."""

import gc
import os
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections, transaction
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.test.utils import setup_databases, teardown_databases

from audit.append_only import app_role
from i2a.settings import database_from
from tests.template import ready_template

REAL_PROCESSES = {"live", "browser"}  # markers


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """For `--dist loadfile`: what waits for real processes first, a file with one such test before all. So one worker
    makes the template while the other is busy without it, and neither is alone with something long at the end."""
    sizes = Counter(item.path for item in items)
    slow = {item.path for item in items if REAL_PROCESSES & {mark.name for mark in item.iter_markers()}}

    def turn(item: pytest.Item) -> tuple[bool, bool, int, str, str]:
        is_lonely = sizes[item.path] == 1 and "browser" not in item.path.parts
        return item.path not in slow, not is_lonely, -sizes[item.path], item.path.name, str(item.path)

    items.sort(key=turn)


def pytest_collection_finish() -> None:
    """What is imported by now stays: no search for garbage needs to look through it again, nor as often as usual."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def _become(url: str) -> None:
    """Point the default connection at the role of `url`, on the same server and database name."""
    role = database_from(url)
    connection = connections["default"]
    connection.close()
    connection.settings_dict["USER"] = role["USER"]
    connection.settings_dict["PASSWORD"] = role["PASSWORD"]


def _let_tests_analyse() -> None:
    """The plan of a query says something only after ANALYZE, otherwise the owner's. PostgreSQL 17 and later."""
    if connections["default"].pg_version >= 170_000:
        with connections["default"].cursor() as cursor:
            cursor.execute(f"GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO {app_role()}")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, worker_id) -> Iterator[None]:
    app, owner = os.environ["DATABASE_URL"], os.environ.get("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])
    shared_name = settings.DATABASES["default"]["TEST"]["NAME"]
    if worker_id != "master":
        settings.DATABASES["default"]["TEST"]["NAME"] += f"_{worker_id}"
        connections["default"].settings_dict["TEST"]["NAME"] = settings.DATABASES["default"]["TEST"]["NAME"]
    with django_db_blocker.unblock():
        _become(owner)
        with ready_template(shared_name) as connections["default"].settings_dict["TEST"]["TEMPLATE"]:
            config = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
        _let_tests_analyse()
        _become(app)
    yield
    with django_db_blocker.unblock():
        _end_sessions()
        _become(owner)
        teardown_databases(config, verbosity=0)


def _end_sessions() -> None:
    """End what a thread or an event loop of some test left open: a database in use cannot be dropped.

    Asked as the app role, whose sessions they are; the owner may not end them.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def clean_cache() -> None:
    """What one test leaves in the cache (demo clock, calendar, sign-in limits) is not the next one's business."""
    cache.clear()


@pytest.fixture
def impossible_rows(db) -> Iterator[None]:
    """Rows that the rules at the end of a transaction would refuse, for code that must cope with them: nothing is
    committed, so nothing is checked."""
    yield
    transaction.set_rollback(True)


@pytest.fixture
def owner_url() -> str:
    return os.environ["DATABASE_OWNER_URL"]


@pytest.fixture
def specialist(db):
    from tests.factories import UserFactory

    return UserFactory(username="maya", first_name="Maya", last_name="Okafor-Lindqvist", role="specialist")


@pytest.fixture
def team_lead(db):
    from tests.factories import UserFactory

    return UserFactory(username="priya", role="team_lead")


@pytest.fixture
def manager(db):
    from tests.factories import UserFactory

    return UserFactory(username="grant", role="manager", team=None)


@pytest.fixture
def access_admin(db):
    from tests.factories import UserFactory

    return UserFactory(username="dele", role="access_admin", team=None)


@pytest.fixture
def privacy_officer(db):
    from tests.factories import UserFactory

    return UserFactory(username="ingrid", role="privacy_officer", team=None)


@pytest.fixture(scope="module")
def world_of_the_module(django_db_setup, django_db_blocker):
    """Made once: the transactions of the tests lie within this one."""
    from tests.world import make_world

    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(world_of_the_module, db, monkeypatch):
    """One record of each kind. A test may change the objects, as it may change the rows.

    The scheduled jobs rest: they commit on connections of their own, and whether they work is another test's question.
    """
    monkeypatch.setattr("i2a.demo.run_scheduled_jobs", lambda: iter(()))
    return deepcopy(world_of_the_module)


# --- live: real processes and real commits, see tests/live.py -------------------------------------------------------


def _live_stack(name, directories, blocker, number):
    from tests.live import Live

    worker, of_the_run = os.environ.get("PYTEST_XDIST_WORKER"), directories.getbasetemp()
    if worker:
        number += 2 * int(worker.removeprefix("gw"))  # the workers share one Valkey, and each stack has its databases
        of_the_run = of_the_run.parent
    stack = Live(directories.mktemp(name), blocker, number=number, shared=of_the_run)
    yield stack
    stack.stop_everything()


@pytest.fixture(scope="session")
def live(django_db_setup, django_db_blocker, tmp_path_factory):
    """The stack of the browser tests: seeded once, its processes stay up.."""
    yield from _live_stack("live", tmp_path_factory, django_db_blocker, 0)


@pytest.fixture(scope="session")
def workshop(django_db_setup, django_db_blocker, tmp_path_factory):
    """A stack for tests that kill and restart things, and for real commits.."""
    yield from _live_stack("workshop", tmp_path_factory, django_db_blocker, 1)


# --- end of live ----------------------------------------------------------------------------------------------------


@receiver(pre_save, sender="audit.AccessEvent")
def _every_detail_has_words(instance, **kwargs) -> None:
    """Whatever is recorded in any test: the audit must be able to say it (`audit.reports.details`)."""
    from audit.reports.details import unsaid

    assert not unsaid(instance.kind, instance.detail), unsaid(instance.kind, instance.detail)
