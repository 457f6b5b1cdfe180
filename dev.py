#!/usr/bin/env python3
"""Everything a developer types: python3 dev.py COMMAND [arguments].

Standard library only, and nothing that Python 3.5 cannot read (no f-strings, no annotations), so that a Python that is
too old can say so. It makes the virtual environment, installs the pinned packages when they have changed, and hands
over to `python -m ops`.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
OLDEST = (3, 11)
NEWER_PYTHONS = ("python3.13", "python3.12", "python3.11")
PIP_INSTALLS_ELSEWHERE = (22, 3)  # from this version on: pip --python OTHER install

LOCAL = "requirements-local.txt"
DEV = "requirements-dev.txt"
INCLUDED = {LOCAL: ("requirements.txt",), DEV: ("requirements.txt", LOCAL)}  # what each list contains as well
COMMANDS = (
    ("run", LOCAL, "start everything, with demonstration data, and print the address"),
    ("test", DEV, "run every test, browser tests included; further arguments go to pytest"),
    ("test-faults", DEV, "send 10 000 mails under crashes, three times, and check the ledger"),
    ("lint", DEV, "check style, types, layers, templates and migrations"),
    ("fix", DEV, "mend what the linters can mend"),
    ("manage", LOCAL, "manage.py COMMAND with the addresses and keys of `run`"),
    ("shell", LOCAL, "a Python prompt with the models"),
    ("psql", LOCAL, "psql, or with pg_dump and pg_restore: the same tools on the embedded database"),
    ("pg_dump", LOCAL, None),
    ("pg_restore", LOCAL, None),
)


class Impossible(Exception):
    """Why the set-up cannot go on, said to a person."""


def usage():
    lines = [__doc__.strip().splitlines()[0], ""]
    lines += ["  %-11s %s" % (name, meaning) for name, _, meaning in COMMANDS if meaning]
    return "\n".join(lines)


def too_old(version, executable):
    """The message for a Python that cannot run I2A, or nothing if it can."""
    if tuple(version[:2]) >= OLDEST:
        return ""
    return "Python %d.%d or newer is needed; this is %d.%d (%s)." % (OLDEST + tuple(version[:2]) + (executable,))


def find_newer_python():
    """Path of a new enough Python; a name alone proves nothing, so it is asked."""
    question = "import sys; sys.exit(sys.version_info < (%d, %d))" % OLDEST
    for name in NEWER_PYTHONS:
        found = shutil.which(name)
        if found and subprocess.call([found, "-c", question], stderr=subprocess.DEVNULL) == 0:
            return found
    return None


def change_to_right_python():
    """Start again with a newer Python if this one is too old, with the one outside if this one is .venv's own."""
    if sys.prefix == VENV and getattr(sys, "_base_executable", sys.executable) != sys.executable:
        restart_with(sys._base_executable)
    complaint = too_old(sys.version_info, sys.executable)
    if complaint:
        found = find_newer_python()
        if found is None:
            raise Impossible(complaint + "\nOn Debian or Ubuntu: apt-get install python3.11 python3.11-venv")
        restart_with(found)


def restart_with(python):
    os.execv(python, [python, os.path.abspath(__file__), *sys.argv[1:]])


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except (IOError, OSError):
        return ""


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def fingerprint(requirements):
    """Changes with the Python version, the place of the checkout and every pinned package."""
    parts = [sys.version, ROOT, read(os.path.join(ROOT, requirements))]
    parts += [read(os.path.join(ROOT, name)) for name in INCLUDED[requirements]]
    return hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest()


def stamp_of(requirements):
    return os.path.join(VENV, "installed-" + requirements)


def is_installed(requirements):
    """A larger list that is installed counts for the smaller ones in it."""
    lists = [requirements] + [name for name in INCLUDED if requirements in INCLUDED[name]]
    return os.path.exists(VENV_PYTHON) and any(read(stamp_of(name)) == fingerprint(name) for name in lists)


@contextlib.contextmanager
def alone():
    """Two set-ups of one checkout at once would spoil each other: the second waits."""
    import fcntl  # Linux and macOS only

    with open(os.path.join(ROOT, ".setup.lock"), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (IOError, OSError):
            say("Another set-up of this checkout is going on; waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def say(text):
    print(text)
    sys.stdout.flush()


def make_venv():
    """A virtual environment of this Python at this place; a working one is kept."""
    version = "%d.%d" % sys.version_info[:2]
    identity = "%s %s" % (version, ROOT)
    if read(os.path.join(VENV, "made-for")) in ("", identity) and version_of(VENV_PYTHON) == version:
        return
    say("Making the virtual environment ...")
    try:
        import venv  # noqa: F401
    except ImportError:
        raise Impossible("Python's venv is missing. On Debian or Ubuntu: apt-get install python3-venv") from None
    # Without pip: that alone takes 7 s, and the pip outside can do the work.
    if subprocess.call([sys.executable, "-m", "venv", "--clear", "--without-pip", VENV]):
        raise Impossible("The virtual environment could not be made in %s." % VENV)
    write(os.path.join(VENV, "made-for"), identity)


def version_of(python):
    """What this interpreter says of itself, such as 3.11; nothing if it cannot run."""
    try:
        question = "import sys; print('%d.%d' % sys.version_info[:2])"
        return subprocess.check_output([python, "-c", question], stderr=subprocess.DEVNULL).decode("ascii").strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def installer():
    """The command that installs into .venv: uv if it is there (fast), else the pip outside, else a pip of its own.

    :raises Impossible: there is no pip at all.
    """
    uv = shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "--quiet", "--no-deps", "--python", VENV_PYTHON]
    options = ["install", "-qq", "--no-deps", "--no-compile", "--disable-pip-version-check"]
    try:
        import pip

        if tuple(int(part) for part in pip.__version__.split(".")[:2]) >= PIP_INSTALLS_ELSEWHERE:
            return [sys.executable, "-m", "pip", "--python", VENV_PYTHON, *options]
    except (ImportError, ValueError):
        pass
    if subprocess.call([VENV_PYTHON, "-m", "ensurepip"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        raise Impossible(
            "This Python has neither pip nor ensurepip (%s).\n"
            "On Debian or Ubuntu: apt-get install python3-pip python3-venv" % sys.executable
        )
    return [VENV_PYTHON, "-m", "pip", *options]


def install(requirements):
    """Install exactly the pinned list. Compiling afterwards on all cores takes half as long as letting pip do it.

    :raises Impossible: pip failed; its own words are already on the terminal.
    """
    say("Installing the packages of %s ..." % requirements)
    started = time.time()
    environment = dict(os.environ, PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0")
    if subprocess.call([*installer(), "-r", os.path.join(ROOT, requirements)], env=environment):
        raise Impossible(
            "The packages could not be installed (the reason stands above). Offline?\n"
            "On a connected machine: pip download -r %s -d wheels\n"
            "then here: PIP_NO_INDEX=1 PIP_FIND_LINKS=wheels python3 dev.py %s" % (requirements, " ".join(sys.argv[1:]))
        )
    # Its exit code is of no use: some packages ship templates that look like Python and do not compile.
    compile_all = [VENV_PYTHON, "-m", "compileall", "-q", "-j", "0", os.path.join(VENV, "lib")]
    subprocess.call(compile_all, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    say("Packages installed in %d s." % (time.time() - started))


def prepare(requirements):
    """Leave .venv with at least these packages; takes no time when they are there."""
    if is_installed(requirements):
        return
    with alone():
        if not is_installed(requirements):  # the one we waited for may have done it
            make_venv()
            install(requirements)
            write(stamp_of(requirements), fingerprint(requirements))


def main(arguments):
    needs = {name: requirements for name, requirements, _ in COMMANDS}
    if not arguments or arguments[0] not in needs:
        say(usage())
        return 0 if arguments[:1] in ([], ["help"], ["--help"], ["-h"]) else 2
    try:
        if os.name != "posix":
            raise Impossible("I2A runs on Linux and macOS. On Windows use the Windows Subsystem for Linux.")
        change_to_right_python()
        prepare(needs[arguments[0]])
    except Impossible as reason:
        sys.stderr.write("%s\n" % reason)
        return 1
    except KeyboardInterrupt:
        return 130
    os.chdir(ROOT)
    return os.execv(VENV_PYTHON, [VENV_PYTHON, "-m", "ops", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
