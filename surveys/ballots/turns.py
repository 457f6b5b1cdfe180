"""From question to question: what the button that was pressed leads to. The page for the people asked and the one on
which colleagues try a survey out walk the same way."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from django.forms import BoundField
from django.http import QueryDict

from surveys.ballots.sheet import Sheet, field_name
from surveys.models import Question


class Go(StrEnum):
    """The buttons, by the value of `go`."""

    NEXT = "next"
    SKIP = "skip"
    BACK = "back"
    STAY = "stay"  # the other language; or on, after stopping
    STOP = "stop"
    SEND_PART = "part"
    LEAVE = "leave"


class Page(Enum):
    QUESTION = 1
    STOPPED = 2
    LEFT = 3
    SENT = 4


@dataclass(frozen=True)
class Turn:
    """What comes next. `place`: of which question, from 0; `is_wrong`: its answer could not be taken."""

    page: Page
    sheet: Sheet
    place: int
    is_wrong: bool = False

    @property
    def question(self) -> Question:
        return self.sheet.questions[self.place]

    @property
    def field(self) -> BoundField:
        return self.sheet[field_name(self.question)]

    @property
    def number(self) -> int:
        return self.place + 1

    @property
    def count(self) -> int:
        return len(self.sheet.questions)

    @property
    def is_last(self) -> bool:
        return self.number == self.count

    @property
    def percent(self) -> int:
        return 100 * self.number // self.count

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What was answered to the other questions, as hidden fields; on a page without a question, to all of them."""
        here = self.field.name if self.page == Page.QUESTION else ""
        names = [name for name in self.sheet.fields if name != here]
        return [(name, value) for name in names for value in typed(self.sheet, name)]


def typed(sheet: Sheet, name: str) -> list[str]:
    data: Any = sheet.data
    return [value for value in data.getlist(name) if value] if isinstance(data, QueryDict) else []


def first_turn(questions: list[Question]) -> Turn:
    return Turn(Page.QUESTION, Sheet(questions), 0)


def next_turn(questions: list[Question], posted: QueryDict) -> Turn:
    place = place_in(posted.get("place", ""), len(questions))
    data = posted.copy()
    go = posted.get("go", "")
    if go == Go.SKIP and not questions[place].is_required:
        data.setlist(field_name(questions[place]), [])
    sheet = Sheet(questions, data)
    match go:
        case Go.BACK:
            return Turn(Page.QUESTION, sheet, max(place - 1, 0))
        case Go.STOP:
            return Turn(Page.STOPPED, sheet, place)
        case Go.LEAVE:
            return Turn(Page.LEFT, sheet, place)
        case Go.SEND_PART:
            return sent(sheet, place, is_whole=False)
        case Go.NEXT | Go.SKIP:
            return onward(sheet, place)
    return Turn(Page.QUESTION, sheet, place)


def place_in(typed_number: str, count: int) -> int:
    """Of the question that stood on the page; of the first one for anything that is no place."""
    return (
        int(typed_number) if typed_number.isascii() and typed_number.isdigit() and int(typed_number[:4]) < count else 0
    )


def onward(sheet: Sheet, place: int) -> Turn:
    if field_name(sheet.questions[place]) in sheet.errors:
        return Turn(Page.QUESTION, sheet, place, is_wrong=True)
    if place + 1 < len(sheet.questions):
        return Turn(Page.QUESTION, sheet, place + 1)
    return sent(sheet, place, is_whole=True)


def sent(sheet: Sheet, place: int, *, is_whole: bool) -> Turn:
    """Everything is looked at again before it is kept; where nothing was answered, nothing is sent."""
    wrong = sheet.first_wrong(is_whole=is_whole)
    if wrong is not None:
        return Turn(Page.QUESTION, sheet, wrong, is_wrong=True)
    return Turn(Page.SENT if sheet.answers() else Page.STOPPED, sheet, place)
