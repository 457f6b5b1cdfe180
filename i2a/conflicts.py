"""Two people saved one record: what every conflict page says of a field (R-CAL-11). See templates/conflict.html."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Difference:
    """A field in which what is saved now and what was entered differ, both in words.

    `is_mine` is False where only somebody else changed it; then `mine` says so.
    """

    label: str | Promise
    mine: str
    theirs: str
    is_mine: bool = True
