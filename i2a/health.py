"""What `/healthz` says beside database, broker and zone data. Apps add their own lines: this layer knows none."""

from collections.abc import Callable

OK = "ok"
parts: dict[str, Callable[[], object]] = {}
vital: set[str] = set()


def register(name: str, part: Callable[[], object], *, is_vital: bool = False) -> None:
    """`part` is asked while the database answers. It says a word for machines, nothing personal. If it is vital,
    nobody can work unless it says `OK`."""
    parts[name] = part
    if is_vital:
        vital.add(name)
