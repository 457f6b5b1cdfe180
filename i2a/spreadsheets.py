"""CSV that spreadsheets open as text: nothing in a cell is ever run (R-SEC-01)."""

import hashlib
from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

BOM = "\ufeff"  # spreadsheets take a file without it for Windows-1252
IN_MEMORY = 2**20
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class Line:
    """What csv.writer writes to: it hands each line back as bytes."""

    def write(self, text: str) -> bytes:
        return text.encode()


def safe(values: Iterable[Any]) -> list[str]:
    """No cell begins like a formula, also behind spaces: a spreadsheet would run it (ASVS 1.2.10)."""
    texts = (str(value) for value in values)
    return [f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text for text in texts]


def file_of(lines: Iterable[bytes]) -> tuple[IO[bytes], str]:
    """The file, ready to be sent, and its SHA-256. Whoever sends it closes it."""
    file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
    digest = hashlib.sha256()
    for line in lines:
        file.write(line)
        digest.update(line)
    file.seek(0)
    return file, digest.hexdigest()
