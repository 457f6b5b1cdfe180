"""What the results say in words: the headline of each figure is its finding, worked out from its numbers."""

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.models import Question
from surveys.results.tables import Table

Kind = Question.Kind
HALF = 50
NOTICEABLE = 5  # percentage points


def share(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def percent(number: int) -> str:
    return _("%(number)s%%") % {"number": number}


def hidden() -> str:
    """The same for who is few and for who would tell who is few."""
    return _("<5 or hidden")


def grouped(number: int) -> str:
    return number_format(number, force_grouping=True)


def decimal(number: float) -> str:
    return number_format(number, decimal_pos=1)


def signed(number: int) -> str:
    return f"+{number}" if number > 0 else str(number).replace("-", "−")


def good_answers(table: Table) -> str:
    """Which answers count as good: "4 or 5"."""
    least, most = table.best_from, table.values[-1]
    return str(most) if least == most else _("%(least)s or %(most)s") % {"least": least, "most": most}


def headline(table: Table) -> str:
    if table.score is not None:
        return score_headline(table.score)
    if table.is_numeric:
        if table.best_from is None:
            return _("On average %(average)s") % {"average": decimal(table.average or 0)}
        said = {"share": percent(share(table.best, table.base)), "good": good_answers(table)}
        return _("%(share)s chose %(good)s") % said
    return choice_headline(table)


def score_headline(score: int) -> str:
    if abs(score) < NOTICEABLE:
        return _("About as many would recommend us as would not")
    if score > 0:
        return _("More would recommend us than would not")
    return _("More would not recommend us than would")


def choice_headline(table: Table) -> str:
    top = table.top
    number = share(top.count or 0, table.base)
    said = {"answer": top.label, "share": percent(number)}
    if table.question.kind == Kind.SEVERAL:
        return _("Chosen most often, by %(share)s: %(answer)s") % said
    if number > HALF:
        return _("Most say: %(answer)s") % said
    if table.is_joined:
        return _("%(share)s say: %(answer)s") % said
    return _("The most frequent answer, from %(share)s: %(answer)s") % said


def definition(table: Table) -> str:
    """How the figure is counted, printed beside it."""
    said = [ngettext("%(n)s person answered.", "%(n)s people answered.", table.base) % {"n": grouped(table.base)}]
    if table.question.kind == Kind.SEVERAL:
        said.append(_("Several answers may be chosen, so the shares add up to more than 100%."))
    else:
        said.append(_("Shares are of those who answered this question."))
    if table.question.kind == Kind.SCALE:
        said.append(_("The average is the sum of all answers divided by their number."))
    if table.score is not None:
        said.append(_("Score = share of 9 and 10 less share of 0 to 6; it runs from −100 to +100."))
    if table.is_joined:
        said.append(joined(table))
    return " ".join(said)


def joined(table: Table) -> str:
    if table.question.kind == Kind.SEVERAL:
        return _("“<5 or hidden”: chosen by 1 to 4 people, or by all but 1 to 4.")
    if table.is_numeric:
        return _("Answers of fewer than 5 people are counted with their neighbours; the average takes the middle.")
    return _("Answers of fewer than 5 people are counted together with others.")


def trend_headline(first: int, last: int) -> str:
    said = {"first": percent(first), "last": percent(last)}
    if last - first >= NOTICEABLE:
        return _("Good answers rose from %(first)s to %(last)s") % said
    if first - last >= NOTICEABLE:
        return _("Good answers fell from %(first)s to %(last)s") % said
    return _("Good answers stayed at about %(last)s") % said


def parts_headline(names: Sequence[str], shares: Sequence[int]) -> str:
    lowest, highest = min(shares), max(shares)
    if highest - lowest < NOTICEABLE:
        return _("Much the same whatever the topic")
    return _("Lowest for “%(name)s”: %(share)s") % {"name": names[shares.index(lowest)], "share": percent(lowest)}
