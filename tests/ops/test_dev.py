import ast
import os
import re
import subprocess
import sys

import pytest

import dev
from ops.places import ROOT


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13)])
def test_an_old_python_is_told_so(version):
    told = dev.too_old(version, "/usr/bin/python3")

    assert told == f"Python 3.11 or newer is needed; this is {version[0]}.{version[1]} (/usr/bin/python3)."


@pytest.mark.parametrize("version", [(3, 11, 2), (3, 13, 0), (4, 0, 0)])
def test_a_new_python_is_not(version):
    assert dev.too_old(version, "/usr/bin/python3") == ""


def test_an_old_python_can_read_the_file_that_says_so():
    tree = ast.parse((ROOT / "dev.py").read_text(), feature_version=(3, 5))

    too_new = (ast.JoinedStr, ast.NamedExpr, ast.AnnAssign)
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, too_new)]


def test_an_old_python_looks_for_a_newer_one(monkeypatch):
    monkeypatch.setattr(dev.shutil, "which", lambda name: "/opt/" + name if name != "python3.13" else None)
    monkeypatch.setattr(dev.subprocess, "call", lambda command, **_: 0 if "3.11" in command[0] else 1)  # 3.12 is broken

    assert dev.find_newer_python() == "/opt/python3.11"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """dev.py in a checkout of its own, where nothing is installed."""
    monkeypatch.setattr(dev, "ROOT", str(tmp_path))
    monkeypatch.setattr(dev, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(dev, "VENV_PYTHON", sys.executable)
    (tmp_path / ".venv").mkdir()
    for name in ("requirements.txt", dev.LOCAL, dev.DEV):
        (tmp_path / name).write_text(f"package-of-{name}==1\n")
    return tmp_path


@pytest.fixture
def installed(checkout, monkeypatch):
    """Which lists were installed, instead of installing them."""
    lists = []
    monkeypatch.setattr(dev, "make_venv", lambda: None)
    monkeypatch.setattr(dev, "install", lists.append)
    return lists


def test_packages_are_installed_once(installed):
    dev.prepare(dev.LOCAL)
    dev.prepare(dev.LOCAL)

    assert installed == [dev.LOCAL]


def test_what_the_tests_need_includes_what_the_product_needs(installed):
    dev.prepare(dev.DEV)
    dev.prepare(dev.LOCAL)
    dev.prepare(dev.DEV)

    assert installed == [dev.DEV]


def test_a_change_of_the_smaller_list_counts_for_both(installed, checkout):
    dev.prepare(dev.DEV)
    (checkout / dev.LOCAL).write_text("package==2\n")
    dev.prepare(dev.LOCAL)
    dev.prepare(dev.DEV)

    assert installed == [dev.DEV, dev.LOCAL, dev.DEV]


def test_another_place_means_another_installation(installed, monkeypatch):
    dev.prepare(dev.LOCAL)
    monkeypatch.setattr(dev, "ROOT", dev.ROOT + "/../elsewhere")

    assert not dev.is_installed(dev.LOCAL)


def test_without_network_the_way_out_is_shown(checkout, monkeypatch):
    monkeypatch.setattr(dev, "installer", lambda: ["false"])

    with pytest.raises(dev.Impossible) as refusal:
        dev.install(dev.LOCAL)

    assert "pip download -r requirements-local.txt -d wheels" in str(refusal.value)
    assert "PIP_NO_INDEX=1 PIP_FIND_LINKS=wheels" in str(refusal.value)


def test_without_venv_the_package_is_named(checkout, monkeypatch):
    monkeypatch.setattr(dev, "version_of", lambda python: "")
    monkeypatch.setitem(sys.modules, "venv", None)

    with pytest.raises(dev.Impossible, match="apt-get install python3-venv"):
        dev.make_venv()


def test_without_any_pip_the_package_is_named(checkout, monkeypatch):
    monkeypatch.setattr(dev.shutil, "which", lambda name: None)
    monkeypatch.setitem(sys.modules, "pip", None)
    monkeypatch.setattr(dev, "VENV_PYTHON", "false")

    with pytest.raises(dev.Impossible, match="apt-get install python3-pip python3-venv"):
        dev.installer()


def test_uv_is_used_if_it_is_there(checkout, monkeypatch):
    monkeypatch.setattr(dev.shutil, "which", lambda name: "/usr/bin/uv")

    assert dev.installer()[:3] == ["/usr/bin/uv", "pip", "install"]


def test_an_environment_of_another_python_is_made_anew(checkout, monkeypatch):
    made = []
    monkeypatch.setattr(dev, "version_of", lambda python: "3.9")
    monkeypatch.setattr(dev.subprocess, "call", lambda command: made.append(command[-1]))

    dev.make_venv()

    assert made == [dev.VENV]
    assert (checkout / ".venv/made-for").read_text() == "{}.{} {}".format(*sys.version_info[:2], checkout)


@pytest.mark.parametrize(("arguments", "code"), [([], 0), (["--help"], 0), (["nonsense"], 2)])
def test_usage(arguments, code):
    command = [sys.executable, ROOT / "dev.py", *arguments]

    done = subprocess.run(command, capture_output=True, text=True, cwd=os.sep)

    assert done.returncode == code
    assert re.search(r"^  run +start everything", done.stdout, re.M)


def test_make_is_one_line_over_it_each():
    makefile = (ROOT / "Makefile").read_text()

    for command in ("run", "test", "lint", "fix"):
        assert re.search(rf"^{command}: ; @\$\(PYTHON\) dev.py {command}( \$\(ARGS\))?$", makefile, re.M)
