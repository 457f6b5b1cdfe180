import sys

import pytest

from ops import linting


def check(name, code):
    return linting.Check(name, [sys.executable, "-c", code])


def test_every_check_runs_and_one_failure_fails_all(monkeypatch, capsys):
    checks = [check("good", "print('nothing to see')"), check("bad", "exit('line 7: wrong')"), check("last", "")]
    monkeypatch.setattr(linting, "checks", lambda: checks)

    assert linting.lint() == 1

    said = capsys.readouterr().out
    assert "FAILED  bad" in said
    assert "line 7: wrong" in said
    assert "ok      last" in said
    assert "nothing to see" not in said
    assert "3 checks, 1 failed" in said


def test_all_good(monkeypatch, capsys):
    monkeypatch.setattr(linting, "checks", lambda: [check("good", "")])

    assert linting.lint() == 0


@pytest.mark.parametrize("name", ["ruff", "djlint", "mypy", "lint-imports", "makemigrations", "--deploy"])
def test_what_is_checked(name):
    words = [word for one in linting.checks() for word in one.command]

    assert any(word == name or word.endswith("/" + name) for word in words)
