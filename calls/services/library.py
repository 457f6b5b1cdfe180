"""Keeping the library (R-INF-03): what is in it, what it says, what was wrong. Team leads propose, managers release."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from access.models import User
from calls.models import Document, DocumentVersion


class StaleDocument(Exception):
    """Somebody changed the document since the page was opened. Nothing was changed. `current` is what is saved now."""

    def __init__(self, current: Document) -> None:
        super().__init__()
        self.current = current


class NotAProposal(Exception):
    """The version was released before, or is no longer there."""


class AlreadyWrong(Exception):
    """The version was marked before."""


@transaction.atomic
def add_document(*, document: Document, says: dict[str, Any], by: User, is_released: bool, now: datetime) -> Document:
    """A new document with its first version. `says`: `body`, `url`, `review_on`; of a PDF also `file_sha256` and
    `file_size`. Not released, it is a proposal and offered to nobody.
    """
    document.save()
    _add(document, says, by=by, is_released=is_released, now=now)
    return document


@transaction.atomic
def change_document(*, document: Document, seen_version: int) -> Document:
    """Title, language, topic, source.

    :raises StaleDocument: somebody was faster.
    """
    return _bumped(document, seen_version)


@transaction.atomic
def add_version(
    *, document: Document, seen_version: int, says: dict[str, Any], by: User, is_released: bool, now: datetime
) -> DocumentVersion:
    """What it says from now on. What was sent before stays as it was.

    :raises StaleDocument: somebody was faster; also the second click on the button.
    """
    return _add(_bumped(document, seen_version), says, by=by, is_released=is_released, now=now)


@transaction.atomic
def release_version(*, version: DocumentVersion, by: User, now: datetime) -> DocumentVersion:
    """:raises NotAProposal: it was released before."""
    version = _proposal(version)
    version.released_at, version.released_by = now, by
    version.save()
    return version


@transaction.atomic
def turn_down_version(*, version: DocumentVersion) -> None:
    """The proposal goes; and a document that never said anything else goes with it.

    :raises NotAProposal: it was released before.
    """
    version = _proposal(version)
    document = version.document
    version.delete()
    if not document.versions.exists():
        document.delete()


@transaction.atomic
def review_version(*, version: DocumentVersion, review_on: date) -> DocumentVersion:
    """Somebody read it and it is still right, until the next time."""
    version.review_on = review_on
    version.save()
    return version


@transaction.atomic
def mark_wrong(*, version: DocumentVersion, because: str, by: User, now: datetime) -> DocumentVersion:
    """From now on nobody can send it; who got it is on the list of those who need the correction (N30).

    :raises AlreadyWrong: it was marked before.
    """
    version = DocumentVersion.objects.select_for_update().get(pk=version.pk)
    if version.wrong_at:
        raise AlreadyWrong
    version.wrong_at, version.wrong_by, version.wrong_because = now, by, because
    version.save()
    return version


@transaction.atomic
def offer_document(*, document: Document, is_active: bool) -> Document:
    """Withdraw it, so that nobody can send it any more; or offer it again."""
    document = Document.objects.select_for_update().get(pk=document.pk)
    document.is_active = is_active
    document.version += 1
    document.save()
    return document


def _add(document: Document, says: dict[str, Any], *, by: User, is_released: bool, now: datetime) -> DocumentVersion:
    newest = document.versions.aggregate(number=Max("number"))["number"] or 0
    released = {"released_at": now, "released_by": by} if is_released else {"released_at": None}
    return DocumentVersion.objects.create(
        document=document, number=newest + 1, created_at=now, created_by=by, **released, **says
    )


def _bumped(document: Document, seen_version: int) -> Document:
    """Saved, if nobody else saved since.

    :raises StaleDocument: somebody did.
    """
    current = Document.objects.select_for_update(of=("self",)).select_related("topic").get(pk=document.pk)
    if current.version != seen_version:
        raise StaleDocument(current)
    document.version = seen_version + 1
    document.save()
    return document


def _proposal(version: DocumentVersion) -> DocumentVersion:
    found = DocumentVersion.objects.select_for_update(of=("self",)).select_related("document")
    proposal = found.filter(pk=version.pk, released_at__isnull=True).first()
    if proposal is None:
        raise NotAProposal
    return proposal
