"""Where things lie, and as whom the embedded servers run."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ops.refusal import Refusal

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
SERVICE_ACCOUNT = "i2a-embedded"
DATA_OF_ROOT = Path("/var/lib/i2a-embedded")
LONGEST_SOCKET_DIRECTORY = 85  # a socket's whole path must fit into 107 bytes
SAFE_IN_ADDRESSES = re.compile(r"[A-Za-z0-9._/-]+")


@dataclass(frozen=True)
class Account:
    user: int
    group: int


@dataclass(frozen=True)
class Places:
    """The directories of one running copy."""

    state: Path  # ours: locks, logs, keys
    data: Path  # the servers': the same place, unless their account cannot reach it
    sockets: Path
    account: Account | None  # None: the servers run as ourselves

    @property
    def logs(self) -> Path:
        return self.state / "logs"


def find_places(state: Path) -> Places:
    """Choose and make the directories for `state`.

    :raises Refusal: one of them belongs to another user.
    """
    account = service_account()
    state = state.resolve()
    own(state, None, mode=0o711 if account else 0o700)
    own(state / "logs", None)
    data = state
    if account and not reachable_by_all(state):  # root's checkout below /root, which stays closed
        DATA_OF_ROOT.mkdir(mode=0o755, exist_ok=True)
        data = DATA_OF_ROOT / short_hash(state)
        own(data, None, mode=0o711)
    return Places(state=state, data=data, sockets=socket_directory(data, os.geteuid()), account=account)


def socket_directory(data: Path, user: int) -> Path:
    """Where the sockets go: beside the data if the path is short and needs no quoting inside an address."""
    beside = data / "run"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_DIRECTORY and SAFE_IN_ADDRESSES.fullmatch(str(beside)):
        return beside
    return Path("/tmp") / f"i2a-{user}-{short_hash(data)}"  # noqa: S108 - `own` checks whose it is


def short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]


def own(directory: Path, account: Account | None, mode: int = 0o700) -> None:
    """Make `directory`, closed to others and belonging to the account.

    :raises Refusal: it exists and belongs to somebody else, or is a link.
    """
    directory.mkdir(parents=True, exist_ok=True)
    found = directory.lstat()
    if directory.is_symlink() or found.st_uid not in {os.geteuid(), account.user if account else os.geteuid()}:
        raise Refusal(f"{directory} belongs to another user (id {found.st_uid}). Run as that user, or remove it.")
    directory.chmod(mode)
    if account:
        os.chown(directory, account.user, account.group)


def reachable_by_all(path: Path) -> bool:
    """Whether any account of the machine may walk down to `path`."""
    return all(place.stat().st_mode & 0o001 for place in (path, *path.parents))


def service_account() -> Account | None:
    """The account PostgreSQL and Valkey run as when we are root (PostgreSQL refuses root), else None."""
    if os.geteuid() != 0:
        return None
    if not _exists(SERVICE_ACCOUNT) and (useradd := shutil.which("useradd", path=f"{os.defpath}:/usr/sbin:/sbin")):
        arguments = ["--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
        subprocess.run([useradd, *arguments, SERVICE_ACCOUNT], capture_output=True, check=False)
    entry = pwd.getpwnam(SERVICE_ACCOUNT if _exists(SERVICE_ACCOUNT) else "nobody")
    return Account(user=entry.pw_uid, group=entry.pw_gid)


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def package_directory(name: str) -> Path | None:
    """Where an installed package lies, without importing it."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        return None
    return Path(found.submodule_search_locations[0])
