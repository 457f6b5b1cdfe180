"""For which work a record was opened, in words; each app says what its own codes mean (N11)."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _

_labels: dict[str, str | Promise] = {}
_works: set[str] = set()


def register(code: str, label: str | Promise, *, is_work: bool) -> None:
    """`is_work`: it names a piece of work that needs this record, not only a general right to it."""
    _labels[code] = label
    if is_work:
        _works.add(code)


def works() -> list[str]:
    return sorted(_works)


def say(code: str) -> str:
    return str(_labels.get(code, code)) if code else _("Nothing was said")
