"""`test-faults`: the whole fault runs, one after the other; further arguments go to each."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from ops.places import ROOT

SEEDS = ("11", "12", "13")


def test_faults(arguments: Sequence[str]) -> int:
    """0 if every run kept its promises."""
    command = [sys.executable, "-m", "tests.faults.run", *arguments]
    return max(subprocess.call([*command, "--seed", seed], cwd=ROOT) for seed in SEEDS)
