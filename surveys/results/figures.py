"""The figures of the page of results, each with what it shows, how it is counted, and its numbers."""

from dataclasses import dataclass, field

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from i2a.wall_time import say_date
from surveys.models import Question
from surveys.results import charts, words
from surveys.results.counting import Tally
from surveys.results.small_cells import periods
from surveys.results.tables import BEST, Row, Table, whole

FEWEST_PERIODS = 3
AXIS_STARTS = [(75, 60, [60, 80, 100]), (25, 20, [20, 60, 100]), (0, 0, [0, 50, 100])]


@dataclass(frozen=True)
class Bar:
    """`count` and `share` None: neither is shown."""

    label: str
    count: int | None
    share: int | None
    width: int = 0
    is_hot: bool = False

    @property
    def share_said(self) -> str:
        return "" if self.share is None else words.percent(self.share)

    @property
    def said(self) -> str:
        """ "126 · 59%"."""
        count = None if self.count is None else words.grouped(self.count)
        return " · ".join(part for part in (count, self.share_said) if part) or words.hidden()


@dataclass(frozen=True)
class Figure:
    headline: str
    about: str
    definition: str
    heads: tuple[str, ...] = ()
    bars: list[Bar] = field(default_factory=list)
    chart: SafeString | str = ""


def not_shown(question: Question) -> Figure:
    definition = _("Too few people answered, or too few answered differently: fewer than 5 are never shown.")
    return Figure(_("Not shown"), question.text, definition)


def distribution(question: Question, table: Table | None) -> Figure:
    if table is None:
        return not_shown(question)
    most = max(row.count or 0 for row in table.rows) or 1
    good = table.best_from
    bars = []
    for row in table.rows:
        if row.count is None:
            bars.append(Bar(row.label, None, None))
            continue
        number = words.share(row.count, table.base)
        is_hot = is_like(row, table.top) if good is None else table.values[row.places[0]] >= good
        width = round(100 * row.count / most)
        bars.append(Bar(row.label, row.count, number, width, is_hot))
    heads = (_("Answer"), _("People"), _("Share"))
    return Figure(words.headline(table), question.text, words.definition(table), heads, bars)


def is_like(row: Row, top: Row) -> bool:
    """As frequent as the most frequent answer."""
    return row.count == top.count and len(row.places) == len(top.places)


def trend(question: Question, tally: Tally) -> Figure | None:
    """The share of good answers by week; weeks of few are joined (D-14). None where nothing could be compared."""
    weeks = sorted({where.week for where in tally.sizes})
    all_of_it = whole(question, tally)
    if all_of_it is None or all_of_it.best_from is None:
        return None
    counted = tally.columns(question, list(all_of_it.values), lambda where: where.week)
    pairs = [split(counted[week], all_of_it) for week in weeks]
    joined = periods(pairs)
    if len(joined) < FEWEST_PERIODS:
        return None
    points = []
    for places in joined:
        best = sum(pairs[place][0] for place in places)
        number = words.share(best, best + sum(pairs[place][1] for place in places))
        points.append(charts.Point(say_date(weeks[places[0]]), number, words.percent(number)))
    return drawn(question, all_of_it, points)


def split(column: list[int], table: Table) -> tuple[int, int]:
    least = table.best_from or 0
    best = sum(count for value, count in zip(table.values, column, strict=True) if value >= least)
    return best, sum(column) - best


def drawn(question: Question, table: Table, points: list[charts.Point]) -> Figure:
    lowest = min(point.value for point in points)
    _above, low, ticks = next(step for step in AXIS_STARTS if lowest >= step[0])
    title = words.trend_headline(points[0].value, points[-1].value)
    chart = charts.line(points, title, low=low, ticks=[(tick, words.percent(tick)) for tick in ticks])
    said = {"good": words.good_answers(table), "low": words.percent(low)}
    definition = _(
        "Share who chose %(good)s, of those who answered in that time. Weeks begin on Monday; weeks in which fewer "
        "than 5 people chose %(good)s, or something else, are joined with the next. The axis starts at %(low)s."
    )
    bars = [Bar(point.label, None, point.value) for point in points]
    heads = (_("Weeks from"), _("Share"))
    return Figure(title, question.text, definition % said, heads, bars, chart)


def by_topic(question: Question, tables: dict[object, Table | None], names: dict[object, str]) -> Figure | None:
    """The share of good answers for each topic that can be told apart."""
    told = {key: table for key, table in tables.items() if table is not None and table.best_from and table.base}
    if len(told) < 2:
        return None
    shares = {key: words.share(table.best, table.base) for key, table in told.items()}
    lowest = min(shares.values())
    rows = sorted(shares, key=lambda key: -shares[key])
    bars = [Bar(names[key], None, shares[key], shares[key], shares[key] == lowest) for key in rows]
    good = words.good_answers(next(iter(told.values())))
    definition = _("Share who chose %(good)s, of those who called about it. Topics of too few people are left out.")
    title = words.parts_headline([names[key] for key in rows], [shares[key] for key in rows])
    return Figure(title, question.text, definition % {"good": good}, (_("Topic"), _("Share")), bars)


def is_rated(question: Question) -> bool:
    return question.kind in BEST
