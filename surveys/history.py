"""Who changed what in a survey and its questions, as sentences (design §6)."""

from collections.abc import Iterator
from itertools import groupby

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext as _

from audit.history import Change as Field
from audit.history import HistoryEntry, in_words
from audit.models import LogEntry
from calls.history import Change
from surveys.models import Question, Survey

Action = LogEntry.Action
MOST = 60  # entries; one change of a person may be several
SHOWN = {"title", "name_en", "name_fr", "intro_en", "intro_fr", "state", "text_en", "text_fr", "kind", "is_required"}


def history_of(survey: Survey) -> list[Change]:
    """Newest first; what one request did is one change. Questions that are gone are in it too."""
    kinds = ContentType.objects.get_for_models(Survey, Question)
    of_questions = LogEntry.objects.filter(content_type=kinds[Question])
    here = Q(changes__survey__0=str(survey.pk)) | Q(changes__survey__1=str(survey.pk))
    keys = of_questions.filter(here).values("object_id")
    entries = LogEntry.objects.filter(
        Q(content_type=kinds[Survey], object_id=survey.pk) | Q(content_type=kinds[Question], object_id__in=keys)
    )
    ordered = entries.select_related("actor", "content_type").order_by("-timestamp", "-pk")[:MOST]
    told = zip(ordered, in_words(ordered), strict=True)
    changes = []
    for _request, group in groupby(told, key=lambda pair: pair[1].request or pair[1].pk):
        pairs = list(group)
        sentences = [say for row, entry in pairs for say in sentences_of(entry, row.content_type == kinds[Question])]
        if sentences:
            changes.append(Change(pairs[0][1].at, pairs[0][1].by, sentences))
    return changes


def sentences_of(entry: HistoryEntry, is_question: bool) -> Iterator[str]:
    fields = {field.name: field for field in entry.changes if field.name in SHOWN or field.name == "position"}
    if is_question and entry.action in (Action.CREATE, Action.DELETE):
        words = fields["text_en"].after if entry.action == Action.CREATE else fields["text_en"].before
        said = _("Question added: %(words)s") if entry.action == Action.CREATE else _("Question removed: %(words)s")
        yield said % {"words": words}
    elif entry.action == Action.CREATE:
        yield _("Survey created")
    else:
        yield from map(sentence, fields.values())


def sentence(field: Field) -> str:
    if field.name == "position":
        return _("A question moved from place %(before)s to %(after)s") % {"before": field.before, "after": field.after}
    words = {"field": field.label, "before": field.before or _("nothing"), "after": field.after or _("nothing")}
    return _("%(field)s: %(before)s → %(after)s") % words
