"""One question as it may be shown: which answers are told apart, and how often each was given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from surveys.models import Question
from surveys.results.counting import Tally, Where
from surveys.results.small_cells import FEWEST, Classes, rows_to_show, together

Kind = Question.Kind
BEST: dict[str, int] = {Kind.SCALE: 4, Kind.NPS: 9}  # from here on people are content, or would recommend
AT_MOST_UNHAPPY = 6  # of 0 to 10, as the net promoter score has it
Axis = Callable[[Where], object]


@dataclass(frozen=True)
class Row:
    """Answers that are counted together, mostly one. `count` None: too few, and shown nowhere."""

    places: tuple[int, ...]
    label: str
    count: int | None


@dataclass(frozen=True)
class Table:
    question: Question
    values: tuple[int, ...]
    rows: tuple[Row, ...]
    base: int  # people who answered

    @property
    def is_numeric(self) -> bool:
        return self.question.kind in BEST

    @property
    def is_joined(self) -> bool:
        return any(len(row.places) > 1 or row.count is None for row in self.rows)

    @property
    def top(self) -> Row:
        """The most frequent answer. Those counted together because they are rare are not one, however many they are."""
        shown = [row for row in self.rows if row.count is not None]
        return max(shown, key=lambda row: (len(row.places) == 1, row.count or 0))

    @property
    def average(self) -> float | None:
        """Answers that are counted together stand for their middle: what is not shown is not in it either."""
        if not self.is_numeric or not self.base:
            return None
        return sum(self.middle(row) * (row.count or 0) for row in self.rows) / self.base

    def middle(self, row: Row) -> float:
        return sum(self.values[place] for place in row.places) / len(row.places)

    @property
    def score(self) -> int | None:
        """Net promoter score: per cent of 9 and 10, less per cent of 0 to 6. None where a row lies across."""
        groups = [{self.group(self.values[place]) for place in row.places} for row in self.rows]
        if self.question.kind != Kind.NPS or not self.base or any(len(group) > 1 for group in groups):
            return None
        sums = sum(next(iter(group)) * (row.count or 0) for row, group in zip(self.rows, groups, strict=True))
        return round(100 * sums / self.base)

    @staticmethod
    def group(value: int) -> int:
        return 1 if value >= BEST[Kind.NPS] else -1 if value <= AT_MOST_UNHAPPY else 0

    @property
    def best_from(self) -> int | None:
        """The least value of the rows that only hold good answers; None: they cannot be told from others."""
        good = [row for row in self.rows if self.is_numeric and self.values[row.places[0]] >= BEST[self.question.kind]]
        return self.values[good[0].places[0]] if good else None

    @property
    def best(self) -> int:
        least = self.best_from
        return sum(row.count or 0 for row in self.rows if least is not None and self.values[row.places[0]] >= least)


def options_of(question: Question) -> tuple[list[int], list[str]]:
    """What may be answered: as it is stored, and in words."""
    if question.has_choices:
        choices = list(question.choices.all())
        return [choice.pk for choice in choices], [choice.text for choice in choices]
    values = list(question.numbers)
    words = {values[0]: question.low, values[-1]: question.high}
    return values, [f"{value}, {words[value].lower()}" if words.get(value) else str(value) for value in values]


def everybody(_where: Where) -> object:
    return ""


def whole(question: Question, tally: Tally) -> Table | None:
    """What all answered; None where nothing can be shown."""
    return tables_by(question, tally, everybody, [[""]])[0] if tally.size >= FEWEST else None


def tables_by(question: Question, tally: Tally, axis: Axis, parts: Sequence[Sequence[object]]) -> list[Table | None]:
    """The same for each of `parts`, told apart alike in all of them, and never more finely than in the whole."""
    values, labels = options_of(question)
    columns = [added(tally.columns(question, values, axis), part, len(values)) for part in parts]
    bases = tally.bases(question, axis)
    sizes = [sum(bases[key] for key in part) for part in parts]
    if question.kind == Kind.SEVERAL:
        return several(question, values, labels, columns, sizes)
    is_ordered = not question.has_choices
    all_of_them = [sum(cells) for cells in zip(*columns, strict=True)]
    classes = together([all_of_them], [[place] for place in range(len(values))], is_ordered=is_ordered)
    if len(parts) > 1:
        classes = together(columns, classes, is_ordered=is_ordered) if classes else []
    if not classes:
        return [None] * len(parts)
    return [
        Table(question, tuple(values), rows_of(classes, labels, column, is_ordered=is_ordered), size)
        for column, size in zip(columns, sizes, strict=True)
    ]


def by_part(
    question: Question, tally: Tally, axis: Axis, shown: Sequence[object], rest: Sequence[object]
) -> dict[object, Table | None]:
    """For each part that can be told apart; where small ones would hide everything, these are left out, the smallest
    first. `shown` comes the largest first; `rest` is too few and stands for itself."""
    told_apart, others = list(shown), list(rest)
    while len(told_apart) + bool(others) > 1:
        groups = [[key] for key in told_apart] + ([others] if others else [])
        tables = tables_by(question, tally, axis, groups)
        if tables[0] is not None:
            return dict(zip(told_apart, tables, strict=False))
        others.append(told_apart.pop())
    return {}


def added(columns: dict[object, list[int]], part: Sequence[object], length: int) -> list[int]:
    return [sum(columns.get(key, [0] * length)[place] for key in part) for place in range(length)]


def rows_of(classes: Classes, labels: list[str], column: list[int], *, is_ordered: bool) -> tuple[Row, ...]:
    return tuple(
        Row(tuple(places), name_of([labels[place] for place in places], is_ordered), sum(column[at] for at in places))
        for places in classes
    )


def name_of(labels: list[str], is_ordered: bool) -> str:
    if is_ordered and len(labels) > 1:
        return _("%(first)s to %(last)s") % {"first": labels[0].partition(",")[0], "last": labels[-1].partition(",")[0]}
    return _(" or ").join(labels)


def several(
    question: Question, values: list[int], labels: list[str], columns: list[list[int]], bases: list[int]
) -> list[Table | None]:
    """Choices that few made, or few did not make, are shown in no part, or in every one."""
    whole_column = [sum(cells) for cells in zip(*columns, strict=True)]
    shown = set(rows_to_show([*columns, whole_column], [*bases, sum(bases)]))
    if not shown or any(base < FEWEST for base in bases):
        return [None] * len(columns)
    return [
        Table(
            question,
            tuple(values),
            tuple(
                Row((place,), label, column[place] if place in shown else None) for place, label in enumerate(labels)
            ),
            base,
        )
        for column, base in zip(columns, bases, strict=True)
    ]
