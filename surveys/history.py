"""Who changed what in a survey and its questions, as sentences (design §6)."""

from collections.abc import Iterator
from itertools import groupby

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audit.history import Change as Field
from audit.history import HistoryEntry, in_words
from audit.models import LogEntry
from calls.history import Change
from surveys.models import Choice, Question, Survey

Action = LogEntry.Action
MOST = 60  # entries; one change of a person may be several
REORDERED = gettext_noop("Questions put in another order")
ANSWERS = gettext_noop("Answers to choose from changed")
SHOWN = {"title", "name_en", "name_fr", "intro_en", "intro_fr", "state", "text_en", "text_fr", "kind", "is_required"}


def history_of(survey: Survey) -> list[Change]:
    """Newest first; what one request did is one change. Questions that are gone are in it too."""
    changes = []
    for _request, group in groupby(told_of(survey), key=lambda pair: pair[1].request or pair[1].pk):
        pairs = list(group)
        sentences = list(dict.fromkeys(sentence for model, entry in pairs for sentence in sentences_of(model, entry)))
        if len(sentences) > 1:  # an answer added with its question, and others that make room, are no news
            sentences = [sentence for sentence in sentences if sentence not in {_(REORDERED), _(ANSWERS)}] or sentences
        if sentences:
            changes.append(Change(pairs[0][1].at, pairs[0][1].by, sentences))
    return changes


def told_of(survey: Survey) -> Iterator[tuple[str, HistoryEntry]]:
    """With the name of the model that was changed."""
    kinds = ContentType.objects.get_for_models(Survey, Question, Choice)
    questions = LogEntry.objects.filter(
        Q(changes__survey__0=str(survey.pk)) | Q(changes__survey__1=str(survey.pk)), content_type=kinds[Question]
    ).values("object_id")
    entries = LogEntry.objects.filter(
        Q(content_type=kinds[Survey], object_id=survey.pk)
        | Q(content_type=kinds[Question], object_id__in=questions)
        | Q(content_type=kinds[Choice], object_id__in=survey.questions.values("choices"))
    )
    rows = list(entries.select_related("actor", "content_type").order_by("-timestamp", "-pk")[:MOST])
    return zip((row.content_type.model for row in rows), in_words(rows), strict=True)


def sentences_of(model: str, entry: HistoryEntry) -> Iterator[str]:
    fields = {field.name: field for field in entry.changes}
    if model == "choice":
        yield _(ANSWERS)
    elif model == "question" and entry.action == Action.CREATE:
        yield _("Question added: %(words)s") % {"words": fields["text_en"].after}
    elif model == "question" and entry.action == Action.DELETE:
        yield _("Question removed: %(words)s") % {"words": fields["text_en"].before}
    elif entry.action == Action.CREATE:
        yield _("Survey created")
    else:
        yield from (sentence(field) for name, field in fields.items() if name in SHOWN)
        if "position" in fields:
            yield _(REORDERED)


def sentence(field: Field) -> str:
    words = {"before": field.before or _("nothing"), "after": field.after or _("nothing")}
    return _("%(field)s: %(before)s → %(after)s") % {"field": capfirst(field.label), **words}
