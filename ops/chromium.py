"""A Chromium for the browser tests: the one that is there, or Debian's, installed as root or unpacked without."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ops.places import LOCAL
from ops.refusal import Refusal

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-dejavu-core")
BROWSER = "usr/lib/chromium/chromium"  # in the package, as are the next two
FONTS = "usr/share/fonts"
LIBRARIES = ("usr/lib/*-linux-gnu*", "lib/*-linux-gnu*", "usr/lib/*-linux-gnu*/pulseaudio")
SKIPPED = "Browser tests are left out, because I2A_SKIP_BROWSER=1 says so."
NOT_POSSIBLE = """\
browser tests could not run: there is no Chromium, and it could not be installed ({reason}).
Install chromium and try again, name one with CHROMIUM=/path/to/it, or leave these tests out with I2A_SKIP_BROWSER=1."""


def find_or_install() -> str | None:
    """Path of the browser; None only if I2A_SKIP_BROWSER=1.

    :raises Refusal: there is none and it cannot be had. Leaving tests out silently would make "all passed" untrue.
    """
    if os.environ.get("I2A_SKIP_BROWSER") == "1":
        print(SKIPPED, flush=True)
        return None
    unpacked = LOCAL / "chromium"
    found = find(unpacked)
    if found:
        return found
    try:
        if os.geteuid() == 0:
            install()
            found = find(unpacked)
        return found or str(unpack(unpacked))
    except (OSError, subprocess.CalledProcessError) as problem:
        raise Refusal(NOT_POSSIBLE.format(reason=_reason(problem))) from problem


def find(unpacked: Path) -> str | None:
    """CHROMIUM, a browser on PATH, or the one unpacked earlier.

    :raises Refusal: CHROMIUM names nothing that can be run.
    """
    if chosen := os.environ.get("CHROMIUM"):
        if not shutil.which(chosen):
            raise Refusal(f"CHROMIUM={chosen} cannot be run.")
        return chosen
    on_path = (shutil.which(name) for name in NAMES)
    return next((path for path in on_path if path), shutil.which(str(unpacked / "run")))


def install() -> None:
    """With apt, as root; if that fails the caller still has the other way."""
    print("Installing Chromium for the browser tests ...", flush=True)
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
        done = subprocess.run(["apt-get", "-qq", *arguments], env=quietly, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stderr[-1000:], flush=True)


def unpack(place: Path) -> Path:
    """Download Debian's packages with a private apt state and unpack them below `place`, without root: 400 to 600 MB.

    :raises subprocess.CalledProcessError: apt or dpkg refused. :raises OSError: one of them is not installed.
    """
    print("Unpacking Chromium for the browser tests into .local/chromium (up to 170 MB to download) ...", flush=True)
    unfinished = place.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    for directory in ("state/lists/partial", "cache/archives/partial", "root"):
        (unfinished / directory).mkdir(parents=True)
    apt = ["apt-get", "-qq", *_private_apt(unfinished)]
    _run([*apt, "update"])
    _run([*apt, "-y", "--no-install-recommends", "--download-only", "install", *PACKAGES])
    for package in sorted(unfinished.glob("cache/archives/*.deb")):
        _run(["dpkg", "-x", str(package), str(unfinished / "root")])
    shutil.rmtree(unfinished / "cache")
    shutil.rmtree(unfinished / "state")
    if not (unfinished / "root" / BROWSER).exists():
        raise OSError("the package chromium holds no browser")
    write_starter(unfinished, final=place)
    shutil.rmtree(place, ignore_errors=True)
    unfinished.rename(place)
    return place / "run"


def _private_apt(place: Path) -> list[str]:
    options = {
        "Dir::State": place / "state",
        "Dir::State::lists": place / "state/lists",
        "Dir::State::status": "/var/lib/dpkg/status",  # what is there already need not be downloaded
        "Dir::Cache": place / "cache",
        "Debug::NoLocking": "1",
        "APT::Sandbox::User": "",
    }
    return [word for name, value in options.items() for word in ("-o", f"{name}={value}")]


def write_starter(place: Path, *, final: Path) -> None:
    """A script that starts the unpacked browser with its own libraries and fonts."""
    root = final / "root"
    found = [directory for pattern in LIBRARIES for directory in sorted(place.glob(f"root/{pattern}"))]
    libraries = [str(final / directory.relative_to(place)) for directory in found]
    fonts = f"""<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{root}/{FONTS}</dir><dir>/{FONTS}</dir><cachedir>{final}/fonts</cachedir></fontconfig>
"""
    (place / "fonts.conf").write_text(fonts)
    starter = place / "run"
    starter.write_text(f"""#!/bin/sh
export LD_LIBRARY_PATH={shlex.quote(":".join(libraries))} FONTCONFIG_FILE={shlex.quote(str(final / "fonts.conf"))}
exec {shlex.quote(str(root / BROWSER))} "$@"
""")
    starter.chmod(0o755)


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, capture_output=True, text=True, check=True)


def _reason(problem: OSError | subprocess.CalledProcessError) -> str:
    if isinstance(problem, subprocess.CalledProcessError):
        return f"{problem.cmd[0]}: {str(problem.stderr).strip()[-300:]}"
    return str(problem)
