"""Passwords that others have lost already: refused, from lists on this machine's disk (reliability goal A6).

Nothing typed leaves the machine. The list is the one of Have I Been Pwned as its downloader writes it: one line
`SHA-1:count` each, sorted, so that a search reads some thirty lines of a file of any size.
"""

from hashlib import sha1
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class BreachedPasswordValidator:
    def validate(self, password: str, user: Any = None) -> None:
        path = settings.I2A_BREACHED_PASSWORDS
        if path and is_listed(password, Path(path)):
            raise ValidationError(
                _("This password has been found in stolen data, so others try it. Choose another one."),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return _("Not one that has been found in stolen data.")


def is_listed(password: str, path: Path) -> bool:
    wanted = sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as lines:
        return line_from(lines, wanted).startswith(wanted)


def line_from(lines: BinaryIO, wanted: bytes) -> bytes:
    """The first line that is not below `wanted`; empty at the end of the list."""
    low, high = 0, lines.seek(0, 2)
    while low < high:
        middle = (low + high) // 2
        start = start_after(lines, middle)
        line = lines.readline().upper()
        if line and line < wanted:
            low = max(start + 1, middle + 1)
        else:
            high = middle
    start_after(lines, low)
    return lines.readline().upper()


def start_after(lines: BinaryIO, at: int) -> int:
    """Go to the first line that starts at `at` or later."""
    lines.seek(max(at - 1, 0))
    if at:
        lines.readline()
    return lines.tell()
