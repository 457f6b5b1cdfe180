"""Files that people put in, kept by what is in them: the same bytes are one file, and no file ever changes.

They lie in `I2A_FILES_DIR`, which every web and worker process sees, and are never served from there by a web server.
"""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


class Missing(Exception):
    """No file with this fingerprint: the directory was not restored, or another machine has it."""


def keep(data: bytes) -> str:
    """Store the bytes; return their SHA-256, by which `read` finds them. What is there already stays."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(partial).replace(path)  # whole or not at all
    return sha256


def read(sha256: str) -> bytes:
    """:raises Missing: there is no such file."""
    try:
        return path_of(sha256).read_bytes()
    except OSError as error:
        raise Missing from error


def path_of(sha256: str) -> Path:
    return Path(settings.I2A_FILES_DIR) / sha256[:2] / sha256
