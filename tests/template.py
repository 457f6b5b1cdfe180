"""A migrated database that every test database is copied from: the migrations run once for each set of them."""

import ast
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections

ROOT = Path(settings.BASE_DIR)
LOCK = 5_202_611  # any number: whoever makes or copies the template holds it


@contextmanager
def ready_template(database: str) -> Iterator[str]:
    """The template's name, nobody else making, dropping or copying it meanwhile. To be asked as the owner role."""
    name = f"{database}_template_{_fingerprint()}"
    with connections["default"]._nodb_cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SELECT pg_advisory_lock(%s)", [LOCK])  # somebody may be migrating
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{database}_template_"])
        found = {row[0] for row in cursor.fetchall()}
        for stale in found - {name}:
            cursor.execute(f'DROP DATABASE "{stale}"')
        if name not in found:
            cursor.execute(f'CREATE DATABASE "{name}"')
            try:
                _migrate(name)
            except BaseException:
                cursor.execute(f'DROP DATABASE "{name}"')
                raise
        yield name


def _migrate(name: str) -> None:
    connection = connections["default"]
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _fingerprint() -> str:
    """Of all that decides what the migrations make: theirs and the packages', and the modules ours take SQL from."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    migrations = sorted(ROOT.glob("*/migrations/*.py"))
    for path in [*migrations, *sorted({path for migration in migrations for path in _imported_by(migration)})]:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _imported_by(migration: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(migration.read_bytes())):
        names = [node.module] if isinstance(node, ast.ImportFrom) else []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        paths = [ROOT / f"{name.replace('.', '/')}.py" for name in names if name]
        yield from (path for path in paths if path.exists())
