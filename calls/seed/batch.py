"""Rows of many kinds, collected in any order and written in the order their keys need."""

from typing import TypeVar

from django.db.models import Model

from audit.bulk import create_audited
from calls.models import Answer, Call, CallEvent, CallService, CallTopic, SentDocument
from contacts.models import Note, NoteRevision
from followups.models import FollowUp
from outbox.models import Message, MessageEvent

Row = TypeVar("Row", bound=Model)

ORDER: list[type[Model]] = [
    Note, NoteRevision, Message, MessageEvent, SentDocument, FollowUp, Call, CallTopic, CallService, CallEvent, Answer,
]  # fmt: skip


class Batch:
    def __init__(self) -> None:
        self._rows: dict[type[Model], list[Model]] = {model: [] for model in ORDER}

    def add(self, row: Row) -> Row:
        self._rows[type(row)].append(row)
        return row

    def write(self) -> None:
        for rows in self._rows.values():
            create_audited(rows)
