"""`lint` and `fix`: the checks that need no server and no browser."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from ops import environment
from ops.places import ROOT


@dataclass(frozen=True)
class Check:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=environment.without_services)


def checks() -> list[Check]:
    """The slowest first, because two run at a time."""
    return [
        Check("types (mypy)", tool("mypy")),
        Check("templates (djlint)", tool("djlint", "templates", "--lint", "--quiet")),
        Check("migrations are complete", environment.manage("makemigrations", "--check", "--dry-run")),
        Check("Django's checks, as in production", deploy_check(), environment.as_in_production()),
        Check("layers (import-linter)", [str(Path(sys.executable).parent / "lint-imports")]),
        Check("style (ruff check)", tool("ruff", "check")),
        Check("layout (ruff format)", tool("ruff", "format", "--check")),
    ]


def tool(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", name, *arguments]


def deploy_check() -> list[str]:
    return environment.manage("check", "--deploy", "--fail-level", "WARNING")


def lint() -> int:
    """Run every check, also after one has failed. 0 if all passed, else 1."""
    started = time.monotonic()
    with ThreadPoolExecutor(max_workers=2) as pool:
        passed = list(pool.map(_run, checks()))
    failed = passed.count(False)
    print(f"{len(passed)} checks, {failed} failed, {time.monotonic() - started:.0f} s", flush=True)
    return 1 if failed else 0


def _run(check: Check) -> bool:
    started = time.monotonic()
    settings = environment.common() | dict(check.environment) | {"PYTHONWARNINGS": "ignore", "NO_COLOR": "1"}
    done = subprocess.run(
        check.command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    word = "FAILED" if done.returncode else "ok"
    output = done.stdout if done.returncode else ""
    print(f"{word:6}  {check.name}  {time.monotonic() - started:.1f} s\n{output}", end="", flush=True)
    return done.returncode == 0


def fix() -> int:
    """Let ruff mend what it can; the exit code says whether something is left to do by hand."""
    left = subprocess.call(tool("ruff", "check", "--fix"), cwd=ROOT, env=dict(os.environ))
    return subprocess.call(tool("ruff", "format"), cwd=ROOT) or left
