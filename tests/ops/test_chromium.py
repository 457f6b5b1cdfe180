import subprocess

import pytest

from ops import chromium
from ops.refusal import Refusal


@pytest.fixture(autouse=True)
def nothing_chosen(monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv("I2A_SKIP_BROWSER", raising=False)


@pytest.fixture
def nothing_there(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "LOCAL", tmp_path / ".local")
    return tmp_path


def program(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_the_chosen_one_comes_first(nothing_there, monkeypatch):
    program(nothing_there / "chromium")
    monkeypatch.setenv("CHROMIUM", program(nothing_there / "mine"))

    assert chromium.find_or_install() == str(nothing_there / "mine")


def test_a_chosen_one_that_is_not_there_is_an_error(nothing_there, monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")

    with pytest.raises(Refusal, match="CHROMIUM=/nowhere/chromium cannot be run"):
        chromium.find_or_install()


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_then_one_on_the_path(nothing_there, name):
    there = program(nothing_there / name)

    assert chromium.find_or_install() == there


def test_then_the_one_unpacked_earlier(nothing_there):
    there = program(nothing_there / ".local/chromium/run")

    assert chromium.find_or_install() == there


def test_root_installs_it_with_apt(nothing_there, monkeypatch):
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 0)
    monkeypatch.setattr(chromium, "install", lambda: program(nothing_there / "chromium"))

    assert chromium.find_or_install() == str(nothing_there / "chromium")


def test_others_unpack_it(nothing_there, monkeypatch):
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(chromium, "unpack", lambda place: place / "run")

    assert chromium.find_or_install() == str(nothing_there / ".local/chromium/run")


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (FileNotFoundError("no apt-get"), "no apt-get"),
        (subprocess.CalledProcessError(100, ["apt-get"], stderr="E: no network"), "apt-get: E: no network"),
    ],
)
def test_without_a_browser_the_tests_fail_loudly(nothing_there, monkeypatch, problem, reason):
    def refuse(place):
        raise problem

    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(chromium, "unpack", refuse)

    with pytest.raises(Refusal) as refusal:
        chromium.find_or_install()

    assert "browser tests could not run" in str(refusal.value)
    assert reason in str(refusal.value)
    assert "I2A_SKIP_BROWSER=1" in str(refusal.value)


def test_leaving_them_out_is_said(nothing_there, monkeypatch, capsys):
    monkeypatch.setenv("I2A_SKIP_BROWSER", "1")

    assert chromium.find_or_install() is None
    assert "Browser tests are left out" in capsys.readouterr().out


def test_the_unpacked_one_starts_with_its_own_libraries_and_fonts(tmp_path):
    unfinished, final = tmp_path / "chromium.unfinished", tmp_path / "a place/chromium"
    libraries = "root/" + chromium.LIBRARIES[0].replace("*", "")
    (unfinished / libraries).mkdir(parents=True)
    browser = unfinished / "root" / chromium.BROWSER
    program(browser)
    browser.write_text('#!/bin/sh\necho "$LD_LIBRARY_PATH" "$1"\n')

    chromium.write_starter(unfinished, final=final)
    final.parent.mkdir()
    unfinished.rename(final)

    said = subprocess.check_output([final / "run", "an argument"], text=True)
    assert said == f"{final}/{libraries} an argument\n"
    assert f"<dir>{final / 'root' / chromium.FONTS}</dir>" in (final / "fonts.conf").read_text()
