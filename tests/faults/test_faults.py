"""The fault run of M1 to M4 in short. `make test-faults` runs it at full size with three seeds."""

import os
import subprocess
import sys

import pytest

from i2a.settings import BASE_DIR

pytestmark = pytest.mark.live
SHORT = "--recipients 300 --kills 3 --freezes 0 --redis 1 --database 1 --withdrawals 15 --seed 11"


def test_a_mailing_under_faults_loses_nothing_and_doubles_nothing():
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.run", *SHORT.split()],
        cwd=BASE_DIR,
        env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
