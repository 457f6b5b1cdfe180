"""What may be said of a few people (D-14, decision 0023): nobody can work out a count of 1 to 4.

Answers of few are not left out but counted together with others, so that no sum is off and none has to be hidden again
elsewhere. Whatever is shown of a question, by channel, topic or week, comes from tables whose every cell is 0 or at
least `FEWEST`; the tables of one question share their totals, which are such a table themselves. What is not in them
cannot be worked out from them, however they are added, subtracted or compared (tests/surveys/test_small_cells.py).
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

FEWEST = 5
Part = TypeVar("Part", bound=Hashable)
Columns = Sequence[Sequence[int]]
Classes = list[list[int]]


def is_small(count: int) -> bool:
    return 0 < count < FEWEST


def together(columns: Columns, classes: Classes, *, is_ordered: bool) -> Classes:
    """Which answers are counted together, by their place in each of `columns`; `classes` were so already.

    On a scale neighbours are joined, elsewhere the rarest. Empty: nothing can be shown.
    """
    classes = [list(one) for one in classes]
    while (small := smallest_unsafe(columns, classes)) is not None:
        if (partner := partner_of(small, columns, classes, is_ordered=is_ordered)) is None:
            return []
        first, second = sorted((small, partner))
        classes[first] = sorted(classes[first] + classes.pop(second))
    return classes if is_telling(columns, classes) else []


def is_telling(columns: Columns, classes: Classes) -> bool:
    """Something was answered, and not everything was counted together."""
    return len(classes) > 1 and any(sum(column) for column in columns)


def smallest_unsafe(columns: Columns, classes: Classes) -> int | None:
    unsafe = [place for place, one in enumerate(classes) if any(is_small(of_class(column, one)) for column in columns)]
    return min(unsafe, key=lambda place: total(columns, classes[place]), default=None)


def partner_of(place: int, columns: Columns, classes: Classes, *, is_ordered: bool) -> int | None:
    if is_ordered:
        others = [near for near in (place - 1, place + 1) if 0 <= near < len(classes)]
    else:
        others = [other for other in range(len(classes)) if other != place and total(columns, classes[other])]
    return min(others, key=lambda other: total(columns, classes[other]), default=None)


def of_class(column: Sequence[int], one: Sequence[int]) -> int:
    return sum(column[place] for place in one)


def total(columns: Columns, one: Sequence[int]) -> int:
    return sum(of_class(column, one) for column in columns)


def rows_to_show(columns: Columns, bases: Sequence[int]) -> list[int]:
    """Where several answers may be chosen: the choices that neither few people made nor few left out, in any column."""
    rows = range(len(columns[0]) if columns else 0)
    return [
        row
        for row in rows
        if not any(
            is_small(column[row]) or is_small(base - column[row]) for column, base in zip(columns, bases, strict=True)
        )
    ]


def parts_to_show(sizes: Mapping[Part, int], blank: Part) -> tuple[list[Part], list[Part]]:
    """Those that can be told apart, the largest first, and those that cannot: together they are nobody or enough.
    `blank`, the part of whom nothing is known, is one of these."""
    shown = sorted((part for part in sizes if part != blank), key=lambda part: (-sizes[part], str(part)))
    kept_back = [blank] if blank in sizes else []
    while shown and (is_small(sizes[shown[-1]]) or is_small(sum(sizes[part] for part in kept_back))):
        kept_back.append(shown.pop())
    return shown, kept_back


def periods(weeks: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Weeks in a row, by their places, joined until those who chose the best and those who did not are enough or
    nobody. `weeks`: how many did and did not. What is left over at the end joins the period before."""
    joined: list[list[int]] = []
    open_one: list[int] = []
    for place in range(len(weeks)):
        open_one.append(place)
        if is_safe(weeks, open_one):
            joined.append(open_one)
            open_one = []
    while open_one and joined:
        open_one = joined.pop() + open_one
        if is_safe(weeks, open_one):
            return [*joined, open_one]
    return joined if not open_one else []


def is_safe(weeks: Sequence[tuple[int, int]], places: Sequence[int]) -> bool:
    best, rest = (sum(weeks[place][side] for place in places) for side in (0, 1))
    return not is_small(best) and not is_small(rest) and best + rest > 0
