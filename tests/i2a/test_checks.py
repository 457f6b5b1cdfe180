import importlib.resources
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from i2a import checks

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def stale_zone_data(tmp_path, monkeypatch):
    """A directory of zone data from before tzdb 2026c: Edmonton's winter offset is that of Denver, UTC-07:00."""
    denver = importlib.resources.files("tzdata") / "zoneinfo" / "America" / "Denver"
    (tmp_path / "America").mkdir()
    (tmp_path / "America" / "Edmonton").write_bytes(denver.read_bytes())
    return tmp_path


@pytest.fixture
def zone_data_is_stale(monkeypatch):
    monkeypatch.setattr(checks, "zone_data_is_fresh", lambda: False)


def errors(**kwargs):
    return {message.id: message for message in run_checks(**kwargs)}


def test_this_environment_has_fresh_zone_data():
    assert checks.zone_data_is_fresh()
    assert "i2a.E001" not in errors()
    checks.ensure_fresh_zone_data()


def test_stale_zone_data_is_recognised(stale_zone_data):
    program = "from i2a.checks import zone_data_is_fresh; print(zone_data_is_fresh())"
    environment = {"PYTHONTZPATH": str(stale_zone_data)}

    command = [sys.executable, "-c", program]
    run = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True)

    assert run.stdout == "False\n", run.stderr


def test_check_fails_on_stale_zone_data_and_says_what_to_do(zone_data_is_stale):
    error = errors()["i2a.E001"]

    assert "tzdata>=2026.3" in error.hint
    assert 'PYTHONTZPATH=""' in error.hint


def test_servers_refuse_to_start_on_stale_zone_data(zone_data_is_stale):
    with pytest.raises(ImproperlyConfigured, match=r"i2a\.E001"):
        checks.ensure_fresh_zone_data()


def test_celery_cannot_swallow_the_refusal(zone_data_is_stale):
    with pytest.raises(SystemExit, match=r"i2a\.E001"):
        checks.refuse_stale_zone_data(sender=None, signal=None)


@pytest.mark.parametrize(
    ("demo", "debug", "hosts", "refused"),
    [
        (True, False, ["i2a.example.org"], True),
        (True, False, ["localhost", "i2a.example.org"], True),
        (True, False, ["*"], True),
        (True, False, ["localhost", "127.0.0.1", "[::1]"], False),
        (True, True, ["i2a.example.org"], False),
        (False, False, ["i2a.example.org"], False),
    ],
)
def test_a_demonstration_must_stay_on_the_local_host(settings, demo, debug, hosts, refused):
    settings.I2A_DEMO, settings.DEBUG, settings.ALLOWED_HOSTS = demo, debug, hosts

    assert ("i2a.E002" in errors(include_deployment_checks=True)) is refused


def test_a_list_of_stolen_passwords_must_be_there(settings, tmp_path):
    settings.I2A_BREACHED_PASSWORDS = str(tmp_path / "pwned.txt")
    assert [error.id for error in checks.check_breached_passwords(None)] == ["i2a.E003"]

    (tmp_path / "pwned.txt").touch()
    assert checks.check_breached_passwords(None) == []


@pytest.mark.django_db
def test_a_database_made_by_another_version_is_refused_before_it_is_touched():
    assert "i2a.E004" not in errors(databases=["default"])
    MigrationRecorder(connection).record_applied("contacts", "0999_written_elsewhere")

    error = errors(databases=["default"])["i2a.E004"]

    assert "contacts.0999_written_elsewhere was applied and is not known here." in error.msg


@pytest.mark.django_db
def test_what_a_package_that_is_gone_has_applied_is_nothing_to_refuse():
    MigrationRecorder(connection).record_applied("package_of_the_past", "0001_initial")

    assert "i2a.E004" not in errors(databases=["default"])
