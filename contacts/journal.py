"""The journal of withdrawals: a numbered file beside the database, which a restored backup cannot turn back (B4).

One line per withdrawal, only ever appended, on disk before its transaction commits. It holds hashes, no names and no
addresses. Each line carries a digest over the line before, so that nothing can be taken out of the middle.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from contacts.choices import Channel, Purpose, Source
from contacts.emails import keyed_digest

WITHDRAWN, UNCONFIRMED, DO_NOT_CONTACT = "withdrawn", "unconfirmed", "do_not_contact"
TAIL = 16_384  # bytes: dozens of lines


class Damaged(Exception):
    """A line is not what was written. `number` is the first bad one."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"line {number}: {why}")
        self.number = number


@dataclass(frozen=True)
class Entry:
    """What was withdrawn or left unconfirmed, by whom and for which address; `person` and `address` are keyed hashes.

    Purpose and channel are "" for "do not contact", which means all of them.
    """

    at: datetime
    uid: UUID
    what: str
    purpose: str
    channel: str
    source: str
    person: str
    address: str


@dataclass(frozen=True)
class Line:
    number: int
    entry: Entry
    digest: str


def person_hash(uid: UUID) -> str:
    return keyed_digest(f"contact:{uid}")


def append(entries: list[Entry]) -> None:
    """Write `entries` down, and return when they are on disk.

    :raises OSError: they are not.
    :raises Damaged: the end of the file is not what was written.
    """
    path = Path(settings.I2A_WITHDRAWALS_JOURNAL)
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        number, digest = _last(file)
        for number, entry in enumerate(entries, start=number + 1):  # noqa: B020
            digest = _digest(digest, number, entry)
            file.write(f"{_words(number, entry)}\t{digest}\n".encode())
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        _sync_directory(path.parent)


def lines() -> Iterator[Line]:
    """Every line in order, each checked against the one before. A last line without its end was never promised.

    :raises Damaged: see there.
    """
    path = Path(settings.I2A_WITHDRAWALS_JOURNAL)
    if not path.exists():
        return
    digest = ""
    with path.open("rb") as file:
        for expected, raw in enumerate(file, start=1):
            if not raw.endswith(b"\n"):
                return
            line = _parse(raw, expected)
            if line.number != expected:
                raise Damaged(expected, "number missing")
            if line.digest != _digest(digest, line.number, line.entry):
                raise Damaged(expected, "digest does not fit")
            digest = line.digest
            yield line


def newest_uids() -> set[UUID]:
    """Of the last lines, as many as one read brings."""
    path = Path(settings.I2A_WITHDRAWALS_JOURNAL)
    if not path.exists():
        return set()
    with path.open("rb") as file:
        start, tail = _tail(file)
    whole = tail.split(b"\n")[1 if start else 0 : -1]
    return {_parse(raw, 0).entry.uid for raw in whole}


def _tail(file: BinaryIO) -> tuple[int, bytes]:
    start = max(0, file.seek(0, os.SEEK_END) - TAIL)
    file.seek(start)
    return start, file.read()


def _last(file: BinaryIO) -> tuple[int, str]:
    """Number and digest of the last whole line. What a crash left of a line after it is cut off."""
    start, tail = _tail(file)
    end = tail.rfind(b"\n") + 1
    if end != len(tail):
        file.truncate(start + end)
    if not end:
        return 0, ""
    line = _parse(tail[:end].splitlines()[-1], 0)
    return line.number, line.digest


def _parse(raw: bytes, place: int) -> Line:
    try:
        number, at, uid, *words, digest = raw.decode("ascii").rstrip("\n").split("\t")
        what, purpose, channel, source, person, address = words
        entry = Entry(datetime.fromisoformat(at), UUID(uid), what, purpose, channel, source, person, address)
        is_known = (
            what in (WITHDRAWN, UNCONFIRMED, DO_NOT_CONTACT)
            and purpose in ("", *Purpose.values)
            and channel in ("", *Channel.values)
            and source in Source.values
        )
    except ValueError:
        raise Damaged(place, "cannot be read") from None
    if not is_known:
        raise Damaged(place, "cannot be read")
    return Line(int(number), entry, digest)


def _words(number: int, entry: Entry) -> str:
    at, *others = astuple(entry)
    return "\t".join([f"{number:09d}", at.isoformat(), *(str(word) for word in others)])


def _digest(before: str, number: int, entry: Entry) -> str:
    return hashlib.sha256(f"{before}\n{_words(number, entry)}".encode()).hexdigest()


def _sync_directory(path: Path) -> None:
    """A new file is on disk only with its directory."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
