"""Who changed what in a survey and its questions, as sentences (design §6)."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audit.history import MOST, HistoryEntry, Step, in_words, register_records, register_words, sentences, steps
from audit.models import LogEntry
from calls.choices import Direction
from calls.models import Topic
from calls.records import label_in
from surveys.models import Choice, Question, Survey

Action = LogEntry.Action
REORDERED = gettext_noop("Questions put in another order")
ANSWERS = gettext_noop("Answers to choose from changed")


def history_of(survey: Survey) -> list[Step]:
    """Newest first; what one request did is one change. Questions that are gone are in it too."""
    return [replace(step, sentences=news_of(step.sentences)) for step in steps(told_of(survey))]


def news_of(said: list[str]) -> list[str]:
    """An answer added with its question, and others that make room, are no news."""
    return [sentence for sentence in said if sentence not in {_(REORDERED), _(ANSWERS)}] or said


def told_of(survey: Survey) -> Iterator[tuple[HistoryEntry, Iterator[str]]]:
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
    return ((entry, told(row.content_type.model, entry)) for row, entry in zip(rows, in_words(rows), strict=True))


def told(model: str, entry: HistoryEntry) -> Iterator[str]:
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
        yield from sentences(replace(entry, changes=[field for field in entry.changes if field.name != "position"]))
        if "position" in fields:
            yield _(REORDERED)


def register_survey_words() -> None:
    register_words("surveys.Survey", channels=partial(label_in, Direction))
    register_records("surveys.Survey", topics=Topic)
