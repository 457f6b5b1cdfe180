"""What may not stand in free text, and what may only for a reason (R-NOT-01, N7, T-14).

Every pattern is of bounded length, so that no text takes long (reliability F5). Values found here are never logged.
"""

import re
from bisect import bisect
from collections.abc import Iterable

from contacts.guard.kinds import Finding, Kind, Severity
from contacts.guard.numbers import about_numbers
from contacts.guard.patterns import about_patterns
from contacts.guard.reading import as_read

__all__ = ["Finding", "Kind", "Severity", "findings", "masked"]


def findings(text: str, *, phones_of_contact: Iterable[str] = (), address_allowed: bool = False) -> list[Finding]:
    """What the guard objects to, in the order of the text; where two overlap, the graver one.

    `phones_of_contact` are their numbers in any spelling: a number that may be one of these is none of ours to judge.
    """
    plain, places = as_read(text)
    phones = {digits for typed in phones_of_contact if len(digits := re.sub(r"\D", "", as_read(typed)[0])) >= 5}
    found = [
        Finding(kind, places[start], places[end - 1] + 1)
        for kind, start, end in (*about_numbers(plain, phones), *about_patterns(plain, phones))
        if kind != Kind.POSTAL_CODE or not address_allowed
    ]
    return without_overlaps(found)


def masked(text: str, found: Iterable[Finding]) -> str:
    """`text` with dots instead of what is refused, for places where it may not be kept even for a minute."""
    characters = list(text)
    for finding in found:
        if finding.severity is Severity.REFUSE:
            for place in range(finding.start, finding.end):
                characters[place] = "•" if characters[place].isalnum() else characters[place]
    return "".join(characters)


def without_overlaps(found: list[Finding]) -> list[Finding]:
    """In the order of the text. The order of `Kind` is the order of gravity."""
    rank = {kind: place for place, kind in enumerate(Kind)}
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda each: (rank[each.kind], each.start)):
        place = bisect(kept, finding.start, key=lambda each: each.start)
        is_clear_before = place == 0 or kept[place - 1].end <= finding.start
        if is_clear_before and (place == len(kept) or finding.end <= kept[place].start):
            kept.insert(place, finding)
    return kept
