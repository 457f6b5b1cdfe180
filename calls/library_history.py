"""The history of a document with that of its versions, as sentences (design §6)."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from audit.history import MOST, Action, HistoryEntry, Step, entries_of, in_words, sentences, steps
from calls.models import Document, DocumentVersion


def history_of(document: Document, versions: Iterable[DocumentVersion]) -> list[Step]:
    """Newest first."""
    numbers = {version.pk: version.number for version in versions}
    rows = list(entries_of(document, *versions)[:MOST])
    models = (row.content_type.model_class() for row in rows)
    told = zip(in_words(rows), rows, models, strict=True)
    return steps(
        (entry, of_version(entry, numbers[row.object_id or 0]) if model is DocumentVersion else sentences(entry))
        for entry, row, model in told
    )


def of_version(entry: HistoryEntry, number: int) -> Iterator[str]:
    if entry.action == Action.CREATE:
        yield _("Version %(number)s written") % {"number": number}
        return
    for sentence in sentences(entry):
        yield _("Version %(number)s: %(sentence)s") % {"number": number, "sentence": sentence}
