from __future__ import annotations


class Refusal(Exception):
    """Why the launcher cannot go on, said to a person; it ends with exit code 1."""


class Stopped(Exception):
    """Somebody asked us to end while we were waiting for something."""
