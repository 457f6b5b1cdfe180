"""The results of one survey: everything the page, the print and the files show, and nothing else (R-SRV-04, D-14)."""

from dataclasses import dataclass, field

from django.db.models import Count, Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from calls.choices import Direction
from calls.models import Topic
from surveys.ballots.tickets import PHONE_SPARE
from surveys.models import BallotBox, Choice, Question, Response, Survey
from surveys.results import words
from surveys.results.counting import Tally, Where, channel_of, count_answers, topic_of
from surveys.results.figures import Figure, by_topic, distribution, is_rated, trend
from surveys.results.small_cells import FEWEST, is_small, parts_to_show
from surveys.results.tables import Axis, Table, by_part, whole

Kind = Question.Kind
TILES = 3
Key = str | int | None


@dataclass(frozen=True)
class Part:
    """One way to narrow the results. `key` None: it cannot be shown by itself."""

    key: Key
    name: str
    said: str


@dataclass(frozen=True)
class Axes:
    """By what the results can be narrowed, and into which groups."""

    name: str
    label: str
    axis: Axis
    shown: list[Part]
    kept_back: list[Part]
    rest: list[Key]  # of these together nothing is shown

    def tables(self, question: Question, tally: Tally) -> dict[object, Table | None]:
        return by_part(question, tally, self.axis, [part.key for part in self.shown], self.rest)


@dataclass(frozen=True)
class Tile:
    label: str
    figure: str
    note: str = ""


@dataclass
class Results:
    survey: Survey
    invited: int
    tally: Tally
    questions: list[Question] = field(default_factory=list)
    axes: list[Axes] = field(default_factory=list)
    chosen: Part | None = None  # what they are narrowed to
    tables: dict[int, Table | None] = field(default_factory=dict)
    before: "Results | None" = None  # the version before, whole

    @property
    def is_counted(self) -> bool:
        """Only when nobody can answer any more: else two looks at the page would tell what came in between."""
        return self.survey.ended_at is not None

    @property
    def is_enough(self) -> bool:
        return self.tally.size >= FEWEST

    @property
    def is_of_few(self) -> bool:
        """Narrowed to so few that nothing is shown of them."""
        return self.chosen is not None and self.chosen.key is None

    @property
    def answered(self) -> str:
        """While it is open nobody learns either when the first one answered."""
        if is_small(self.tally.size) or (not self.is_counted and not self.is_enough):
            return f"<{FEWEST}"
        count = self.tally.size
        return words.grouped(count if self.is_counted else count // FEWEST * FEWEST)

    @property
    def rate(self) -> str:
        if not self.invited or self.answered.startswith("<"):
            return ""
        count = self.tally.size if self.is_counted else self.tally.size // FEWEST * FEWEST
        return words.percent(words.share(count, self.invited))


def read_results(survey: Survey, *, topic: str = "", channel: str = "") -> Results:
    """Of all who answered, or of those of one topic or one channel. An unknown one is nobody's."""
    results = counted(survey, count_invited(survey))
    if not results.is_counted or not results.is_enough:
        return results
    results.axes = [axes for axes in axes_of(results.tally) if axes.shown]
    asked = {"topic": topic, "channel": channel}
    narrowing = next((axes for axes in results.axes if asked[axes.name]), None)
    if narrowing is None:
        results.before = counted(survey.previous, invited=0) if survey.previous else None
        return results
    few = Part(None, _("these few answers"), words.hidden())
    results.chosen = next((part for part in narrowing.shown if str(part.key) == asked[narrowing.name]), few)
    for question in results.questions:
        results.tables[question.pk] = narrowing.tables(question, results.tally).get(results.chosen.key)
    return results


def count_invited(survey: Survey) -> int:
    """By the links that were given out: those by mail, and those of the phone that were used up."""
    boxes = BallotBox.objects.filter(survey=survey).annotate(tickets=Count("survey__tickets"))
    return sum(box.tickets - PHONE_SPARE + box.phone_drawn for box in boxes.defer("used"))


def counted(survey: Survey, invited: int) -> Results:
    if survey.ended_at is None:
        tally = Tally()
        tally.sizes[Where("", None, survey.created_at.date())] = Response.objects.filter(survey=survey).count()
        return Results(survey, invited, tally)
    tally = count_answers(survey)
    choices = Prefetch("choices", Choice.objects.order_by("position"))
    questions = [each for each in survey.questions.prefetch_related(choices) if each.kind != Kind.TEXT]
    tables = {question.pk: whole(question, tally) for question in questions}
    return Results(survey, invited, tally, questions, tables=tables)


def axes_of(tally: Tally) -> list[Axes]:
    topics = {topic.pk: topic.label for topic in Topic.objects.all()}
    return [
        axes_by(tally, "channel", _("Direction"), channel_of, dict(Direction.choices), ""),
        axes_by(tally, "topic", _("Topic"), topic_of, topics, None),
    ]


def axes_by(tally: Tally, name: str, label: str, axis: Axis, names: dict, blank: Key) -> Axes:  # type: ignore[type-arg]
    sizes = tally.by(axis)
    shown, kept_back = parts_to_show(sizes, blank)
    if len(shown) + bool(kept_back) < 2:
        shown = []
    return Axes(
        name,
        label,
        axis,
        [Part(key, str(names[key]), words.grouped(sizes[key])) for key in shown],  # type: ignore[arg-type]
        [Part(None, str(names[key]), words.hidden()) for key in kept_back if key != blank],
        kept_back,  # type: ignore[arg-type]
    )


def tiles_of(results: Results) -> list[Tile]:
    tiles = [Tile(pgettext("survey", "Answered"), *how_many(results))]
    for question in results.questions:
        table = results.tables[question.pk]
        if table is not None and has_one_figure(table):
            tiles.append(Tile(question.text, figure_of(table), note_of(results, table)))
    return tiles[: TILES + 1]


def how_many(results: Results) -> tuple[str, str]:
    """Who answered, and of how many that is."""
    if results.chosen is not None:
        return results.chosen.said, _("of %(n)s who answered") % {"n": results.answered}
    invited = {"n": words.grouped(results.invited)}
    of_invited = ngettext("of %(n)s invited", "of %(n)s invited", results.invited) % invited
    return results.answered, ", ".join(filter(None, [of_invited, results.rate]))


def has_one_figure(table: Table) -> bool:
    return table.question.kind != Kind.SEVERAL and (table.question.kind != Kind.NPS or table.score is not None)


def figure_of(table: Table) -> str:
    if table.score is not None:
        return words.signed(table.score)
    if table.is_numeric:
        return words.decimal(table.average or 0)
    return words.percent(words.share(table.top.count or 0, table.base))


def note_of(results: Results, table: Table) -> str:
    kind = {Kind.SCALE: _("average of 1 to 5"), Kind.NPS: _("net promoter score")}
    said = kind.get(Kind(table.question.kind), table.top.label)
    earlier = same_before(results, table)
    if earlier is None:
        return said
    edition = {"figure": earlier, "number": results.survey.edition - 1}
    return ", ".join([said, _("%(figure)s in version %(number)s") % edition])


def same_before(results: Results, table: Table) -> str | None:
    """The same figure of the version before; None where it has none that can be compared."""
    before = results.before
    if before is None or not before.is_counted or not before.is_enough:
        return None
    earlier = next((one for one in before.tables.values() if one and one.question.key == table.question.key), None)
    if earlier is None or earlier.question.kind != table.question.kind:
        return None
    if table.is_numeric:
        return figure_of(earlier) if (earlier.score is None) == (table.score is None) else None
    label = table.top.label
    count = next((row.count for row in earlier.rows if row.label == label), None)
    return None if count is None else words.percent(words.share(count, earlier.base))


def figures_of(results: Results) -> list[Figure]:
    if results.is_of_few:
        return []
    figures = [distribution(question, results.tables[question.pk]) for question in results.questions]
    if results.chosen is not None:
        return figures
    rated = next((question for question in results.questions if is_rated(question)), None)
    if rated is None:
        return figures
    found = [trend(rated, results.tally)]
    for axes in results.axes:
        if axes.name == "topic":
            names = {part.key: part.name for part in axes.shown}
            found.append(by_topic(rated, axes.tables(rated, results.tally), names))  # type: ignore[arg-type]
    return figures + [figure for figure in found if figure is not None]
