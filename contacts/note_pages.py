"""What the pages of notes show. Higher apps say where a note was written: `register_origin(...)` when ready."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.urls import reverse

from contacts.models import Contact, Note, NoteRevision

PAGE = 30


@dataclass(frozen=True)
class Origin:
    """Where a note was written: "Call C-2026-000123"."""

    label: str
    url: str


# (ids of notes) -> those of them that were written there
Origins = Callable[[list[int]], dict[int, Origin]]
_origins: dict[str, Origins] = {}


@dataclass(frozen=True)
class Row:
    """A note as it reads now."""

    note: Note
    newest: NoteRevision
    origin: Origin | None
    may_amend: bool


@dataclass(frozen=True)
class Page:
    """Newest first. `older` is where the next page begins, "" on the last one."""

    rows: list[Row]
    older: str


@dataclass(frozen=True)
class Told:
    """A revision, and how its words differ from the one before: (kind, text), kind "same", "added" or "removed"."""

    revision: NoteRevision
    words: list[tuple[str, str]]


def register_origin(name: str, origins: Origins) -> None:
    _origins[name] = origins


def page_of(contact: Contact, user: Any, older: str = "") -> Page:
    """Three queries and one per kind of origin, however many notes."""
    notes = Note.objects.filter(contact=contact).order_by("-pk")
    if re.fullmatch(r"[0-9]{1,18}", older):
        notes = notes.filter(pk__lt=int(older))
    found = list(notes[: PAGE + 1])
    shown = found[:PAGE]
    ids = [note.pk for note in shown]
    newest = {revision.note_id: revision for revision in newest_revisions(ids)}
    origins = {pk: origin for ask in _origins.values() for pk, origin in ask(ids).items()}
    may_amend_all = user.has_perm("contacts.amend_any_note")
    may_amend_own = user.has_perm("contacts.write_note")
    rows = [
        Row(
            note,
            newest[note.pk],
            origins.get(note.pk),
            may_amend_all or (may_amend_own and note.created_by_id == user.pk),
        )
        for note in shown
    ]
    return Page(rows, str(shown[-1].pk) if len(found) > PAGE else "")


def newest_revisions(ids: list[int]) -> Iterable[NoteRevision]:
    revisions = NoteRevision.objects.filter(note__in=ids).select_related("author")
    return revisions.order_by("note_id", "-number").distinct("note_id")


def newest_of(note: Note) -> NoteRevision:
    return NoteRevision.objects.select_related("author", "note").filter(note=note).order_by("-number")[0]


def revisions_of(note: Note) -> list[Told]:
    """Newest first, each compared with the one before it."""
    revisions = list(note.revisions.select_related("author").order_by("number"))
    before = ["", *(revision.body for revision in revisions)]
    return [
        Told(revision, compared(earlier, revision.body) if revision.number > 1 else [("same", revision.body)])
        for earlier, revision in reversed(list(zip(before, revisions, strict=False)))
    ]


def compared(before: str, after: str) -> list[tuple[str, str]]:
    """By words, so that a reader sees what was meant."""
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    told = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            told.append(("same", "".join(old[a:b])))
            continue
        told += [(kind, text) for kind, text in (("removed", "".join(old[a:b])), ("added", "".join(new[c:d]))) if text]
    return told


def url_of_notes(contact: Contact) -> str:
    return reverse("contacts:notes", args=[contact.uid])
