"""Writing notes. A revision is never changed: what was said stays, and who said it (R-NOT-01)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from access.models import Team, User
from contacts.emails import keyed_digest
from contacts.models import Contact, Note, NoteRevision


class OtherForm(Exception):
    """The `form_uuid` made a note of somebody else, or on another contact."""


class StaleNote(Exception):
    """Somebody amended the note first. `newest` is what it says now, with its author at hand."""

    def __init__(self, newest: NoteRevision) -> None:
        super().__init__(f"{newest.note} is at revision {newest.number}")
        self.newest = newest


@transaction.atomic
def add_note(
    *,
    contact: Contact | None,
    team: Team,
    body: str,
    reason: str = "",
    form_uuid: UUID | None = None,
    by: User,
    now: datetime,
) -> Note:
    """A new note with its first revision. The same form again gives back the note it made; other words in it, as after
    the browser's Back, make another note.

    `reason` says why a number that the guard warned of is necessary.

    :raises OtherForm: see there; nothing was written.
    """
    facts = {"contact": contact, "team": team, "created_at": now, "created_by": by}
    if form_uuid is None:
        note = Note.objects.create(**facts)
    else:
        note, is_new = Note.objects.get_or_create(form_uuid=form_uuid, defaults=facts)
        if (note.contact, note.created_by) != (contact, by):
            raise OtherForm
        if not is_new and note.revisions.get(number=1).body == body:
            return note
        if not is_new:
            other = UUID(keyed_digest(f"{form_uuid} {body}")[:32])
            return add_note(contact=contact, team=team, body=body, reason=reason, form_uuid=other, by=by, now=now)
    NoteRevision.objects.create(note=note, number=1, body=body, override_reason=reason, author=by, at=now)
    return note


@transaction.atomic
def amend_note(*, note: Note, version: int, body: str, reason: str = "", by: User, now: datetime) -> NoteRevision:
    """Let the note say `body` from now on; what it says already is not said again.

    :raises StaleNote: somebody amended it since `version`; nothing was written.
    """
    locked = Note.objects.select_for_update().get(pk=note.pk)
    newest = NoteRevision.objects.select_related("author", "note").filter(note=locked).order_by("-number")[0]
    if (newest.body, newest.override_reason) == (body, reason):
        return newest
    if locked.version != version:
        raise StaleNote(newest)
    locked.version += 1
    locked.save()
    return NoteRevision.objects.create(
        note=locked, number=newest.number + 1, body=body, override_reason=reason, author=by, at=now
    )
