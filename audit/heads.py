"""The heads of the seal, kept outside the database: who rebuilds it all, or cuts its end, is found by them (T5).

One line for each seal, `number digest time`, only ever appended. `I2A_AUDIT_HEADS` names the file; on another machine
than the database it proves most.
"""

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from audit.models import Seal

TAIL = 4096  # bytes: dozens of lines
MOST_AT_ONCE = 10_000


class Damaged(Exception):
    """A line is not a head."""


@dataclass(frozen=True)
class Head:
    number: int
    digest: str
    at: str


def heads_file() -> Path:
    return Path(settings.I2A_AUDIT_HEADS)


def export_heads() -> int:
    """Append what the file does not have yet; return how many lines. Two of these at once share the work.

    :raises OSError: it cannot be written.
    """
    path = heads_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last = _last(file.fileno(), path)
        fresh = list(Seal.objects.filter(number__gt=last.number if last else 0).order_by("number")[:MOST_AT_ONCE])
        file.write(b"".join(f"{seal.number} {seal.digest} {seal.at.isoformat()}\n".encode() for seal in fresh))
        file.flush()
        os.fsync(file.fileno())
    return len(fresh)


def read_heads(path: Path) -> Iterator[Head]:
    """Every head in the file. A last line without its end was never written.

    :raises Damaged: a line is none.
    """
    with path.open("rb") as file:
        for raw in file:
            if raw.endswith(b"\n"):
                yield _parse(raw)


def last_head() -> Head | None:
    """The newest head in the file; None: there is none.

    :raises Damaged: it cannot be read.
    """
    path = heads_file()
    if not path.exists():
        return None
    with path.open("rb") as file:
        return _last(file.fileno(), path)


def _last(descriptor: int, path: Path) -> Head | None:
    size = path.stat().st_size
    tail = os.pread(descriptor, TAIL, max(0, size - TAIL))
    end = tail.rfind(b"\n") + 1
    if end != len(tail) and end:
        raise Damaged("The last line has no end.")
    return _parse(tail[:end].splitlines()[-1]) if end else None


def _parse(raw: bytes) -> Head:
    try:
        number, digest, at = raw.decode("ascii").split()
        return Head(int(number), digest, at)
    except ValueError:
        raise Damaged(f"Not a head: {raw[:80]!r}") from None
