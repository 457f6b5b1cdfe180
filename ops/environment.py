"""The environment variables of the product's processes under the launcher (`.env.example` describes each one)."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from ops.embedded import Servers
from ops.places import ROOT, package_directory
from ops.refusal import Refusal

KEYS = ("SECRET_KEY", "I2A_HMAC_KEY")


def common() -> dict[str, str]:
    """What every process gets: this virtual environment, our settings, zone data from the tzdata package (T-01)."""
    programs = Path(sys.executable).parent
    zones = package_directory("tzdata")
    return {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONTZPATH": "",
        # The same for the C library, which writes the time into logs: its own data may be too old for Alberta.
        **({"TZDIR": str(zones / "zoneinfo")} if zones else {}),
        "DJANGO_SETTINGS_MODULE": "i2a.settings",
    }


def for_run(servers: Servers, *, port: int, sink_port: int) -> dict[str, str]:
    """For `run`: a demonstration on this machine only. What the user has set himself stays."""
    state = servers.places.state
    ours = {
        **read_or_make_keys(state / "keys"),
        "I2A_DEMO": "1",
        "I2A_HTTPS": "0",
        "I2A_SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "I2A_MAIL_SINK_DIR": str(state / "mail"),
        "I2A_FILES_DIR": str(state / "files"),
        "EMAIL_URL": f"smtp://127.0.0.1:{sink_port}",
    }
    given = {name: os.environ[name] for name in ours if os.environ.get(name)}
    private = {"PORT": str(port), "SINK_PORT": str(sink_port), "I2A_STATE": str(state)}
    return common() | ours | given | dict(servers.environment) | private


def for_tests(servers: Servers, chromium: str | None) -> dict[str, str]:
    """For `test`: always the same, whatever the user's own settings are, except for the servers he chose."""
    return (
        common()
        | without_services()
        | dict(servers.environment)
        | ({"CHROMIUM": chromium} if chromium else {})
        # Playwright runs an event loop in the thread of the tests, where Django would refuse every query.
        | {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    )


def without_services() -> dict[str, str]:
    """Enough for Django to start and look at itself (lint): no database, no broker, throwaway keys."""
    throwaway = "not-a-secret-" * 5
    return {
        "SECRET_KEY": throwaway + "for-django-0123456789",
        "I2A_HMAC_KEY": throwaway + "for-fingerprints-9876543210",
        "DATABASE_URL": "postgres://nobody@/nothing?host=/nonexistent",
        "REDIS_URL": "unix:///nonexistent/redis.sock?db=0",
        "EMAIL_URL": "smtp://127.0.0.1:2525",
        "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
        "I2A_SITE_URL": "http://127.0.0.1:8000",
        "I2A_HTTPS": "0",
        "I2A_DEMO": "1",
        "DEBUG": "0",
        "PYTHONTZPATH": "",
    }


def as_in_production() -> dict[str, str]:
    """`without_services`, with the switches of a real installation: for `check --deploy`."""
    return without_services() | {"I2A_HTTPS": "1", "I2A_DEMO": "0", "ALLOWED_HOSTS": "desk.example.org"}


def read_or_make_keys(path: Path) -> dict[str, str]:
    """The random keys of this checkout; made at the first start and kept, so that nobody is signed out by a restart."""
    if path.exists():
        lines = path.read_text().split()
        return dict(line.split("=", 1) for line in lines)
    keys = {name: secrets.token_urlsafe(48) for name in KEYS}
    write_privately(path, "".join(f"{name}={value}\n" for name, value in keys.items()))
    return keys


def write_privately(path: Path, text: str) -> None:
    """Write a whole file that only its owner can read, or nothing."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    unfinished.replace(path)


def save_for_other_commands(state: Path, environment: Mapping[str, str]) -> None:
    """Let `dev.py manage` and `psql` in another terminal reach what runs here."""
    inherited = {name: value for name, value in environment.items() if os.environ.get(name) != value}
    write_privately(state / "environment.json", json.dumps(inherited))


def of_the_running_launcher(state: Path) -> dict[str, str]:
    """:raises Refusal: it is still starting, for the first time."""
    try:
        saved: dict[str, str] = json.loads((state / "environment.json").read_text())
    except FileNotFoundError:
        raise Refusal("`run` is still starting here; try again in a moment.") from None
    return {**os.environ, **saved}


def manage(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *arguments]
