"""What works by itself is named in words, not by the name of its task (R-AUD-02)."""

import ast
from collections.abc import Iterator

from audit.actor import UNSIGNED
from audit.system_actors import SAID, say_label
from i2a.settings import BASE_DIR

NO_APPS = {"benchmarks", "docs", "ops", "static", "templates", "tests"}


def signed_as() -> Iterator[str]:
    """The tasks that our code names when it signs."""
    for folder in BASE_DIR.iterdir():
        if not folder.is_dir() or folder.name in NO_APPS or folder.name.startswith("."):
            continue
        for path in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "acting_as_system":
                    yield from (one.value for one in node.args if isinstance(one, ast.Constant))


def test_whatever_signs_for_the_system_has_words():
    tasks = set(signed_as())

    assert tasks > {"drain", "tick", "seal", "campaign"}
    assert tasks - set(SAID) == set()


def test_nothing_has_words_that_signs_nothing():
    assert set(SAID) - set(signed_as()) == set()


def test_a_signature_reads_as_words():
    assert say_label("system:drain") == "The system (sending of mail)"
    assert say_label("maya") == "maya"
    assert say_label(UNSIGNED) == "Nobody"
