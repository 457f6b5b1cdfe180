"""The two questions the guard asks of a number: is its check digit right, and which words stand beside it."""

import re

NEAR = 24  # characters between a word and the number it names


def passes_luhn(digits: str) -> bool:
    """Nothing but zeros passes the sum and is no number of anybody."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0 and bool(digits.strip("0"))


def words_near(words: re.Pattern[str], plain: str, start: int, end: int, within: int = NEAR) -> bool:
    """Whether one of `words` stands just before or just after, with no other digits between."""
    longest = 24  # of the words themselves
    before = plain[max(0, start - within - longest) : start]
    after = plain[end : end + within + longest] if end > start else ""
    is_before = any(is_close(before[match.end() :], within) for match in words.finditer(before))
    return is_before or any(is_close(after[: match.start()], within) for match in words.finditer(after))


def is_close(between: str, within: int) -> bool:
    return len(between) <= within and not any(character.isdigit() for character in between)
