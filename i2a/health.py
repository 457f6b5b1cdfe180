"""What `/healthz` says beside database, broker and zone data. Apps add their own lines: this layer knows none."""

from collections.abc import Callable

parts: dict[str, Callable[[], object]] = {}


def register(name: str, part: Callable[[], object]) -> None:
    """`part` is asked while the database answers. It says a word for machines, nothing personal."""
    parts[name] = part
