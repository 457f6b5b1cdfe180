"""What the pages of past calls read: the list, page by page, and one call with all its parts in one query."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Expression, F, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from calls.choices import CallStatus, Interest, Service, TopicSource
from calls.models import Answer, Call, CallEvent, CallService, CallTopic, SentDocument
from calls.models.call import CallQuerySet
from contacts.choices import Language, Source
from contacts.countries import country_name
from contacts.models import ConsentEvent
from i2a import keyset
from i2a.clock import EDMONTON
from i2a.keyset import Key, Order, Page, instant_of, number_of, parts_of, token_of
from i2a.language import is_french
from outreach.models import Event

NEWEST_FIRST = Order("started_at", descending=True)
ROWS_PER_PAGE = 25
COUNT_UP_TO = 1_000  # an exact count of a million rows costs more than the page, and helps nobody


def list_calls(
    user: Any,
    *,
    mine: bool = False,
    first_day: date | None = None,
    last_day: date | None = None,
    category: str = "",
    topic: Any = None,
    outside_hours: bool = False,
    voided: bool = False,
) -> CallQuerySet:
    """The calls of one's own team (all teams for those who see them all). Voided ones only when asked for."""
    calls = Call.objects.visible_to(user).filter(status=CallStatus.VOIDED if voided else CallStatus.ACTIVE)
    if not user.has_perm("calls.view_all_teams"):
        calls = calls.filter(team_id=user.team_id)
    conditions = {
        "specialist": user if mine else None,
        "started_at__gte": start_of(first_day) if first_day else None,
        "started_at__lt": start_of(last_day + timedelta(days=1)) if last_day else None,
        "category": category,
        "topics__topic": topic,
        "is_outside_hours": outside_hours,
    }
    return calls.filter(**{lookup: value for lookup, value in conditions.items() if value})


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=EDMONTON)


def count_capped(calls: QuerySet[Call]) -> int:
    """The number of calls, at most one more than `COUNT_UP_TO`: then there are more than we count."""
    return calls.order_by()[: COUNT_UP_TO + 1].count()


def page_of(calls: CallQuerySet, *, older: Key | None = None, newer: Key | None = None) -> Page:
    """The rows before the place `older`, or after `newer`; the newest ones without either."""
    rows = with_topic_names(calls).select_related("contact", "specialist", "follow_up")
    return keyset.page_of(rows, NEWEST_FIRST, ROWS_PER_PAGE, after=older, before=newer)


def token_for(call: Call) -> str:
    return token_of(call.started_at.isoformat(), call.pk)


def key_from(token: str) -> Key | None:
    """None for anything we did not write ourselves: then the list begins at the top."""
    at, pk = (*parts_of(token), "", "")[:2]
    instant, number = instant_of(at), number_of(pk)
    return None if instant is None or number is None else Key(instant, number)


def label_of(lookup: str, name: str = "name") -> Expression | F:
    """A list value in the language of the page, English where no French one was given (as `Lookup.label`)."""
    english = F(f"{lookup}__{name}")
    if not is_french():
        return english
    return Coalesce(NullIf(F(f"{lookup}__{name}_fr"), Value("")), english)


def rows_of(model: Any, *order: str, of: dict[str, Any] | None = None, **columns: Any) -> ArraySubquery:
    """The child rows of a call as JSON objects, in the query of the call itself; or those that `of` says."""
    rows = model.objects.filter(**(of or {"call": OuterRef("pk")})).order_by(*order, "pk")
    return ArraySubquery(rows.values(row=JSONObject(**columns)))


def with_topic_names(calls: CallQuerySet) -> CallQuerySet:
    topics = CallTopic.objects.filter(call=OuterRef("pk")).order_by("topic__position", "pk")
    return calls.annotate(topic_names=ArraySubquery(topics.values(label=label_of("topic"))))


def with_service_codes(calls: CallQuerySet) -> CallQuerySet:
    services = CallService.objects.filter(call=OuterRef("pk")).order_by("pk")
    return calls.annotate(service_codes=ArraySubquery(services.values("service")))


def with_parts(calls: CallQuerySet) -> CallQuerySet:
    """A call with everything its page shows, in one query: the page has a budget of its own (performance §8.10)."""
    calls = calls.select_related(
        "team", "specialist", "contact", "welcome_text", "recording_text", "survey_notice_text", "script", "occupation",
        "follow_up__assigned_to", "follow_up__completed_by", "follow_up__cancelled_by", "answers_follow_up", "note",
        "message", "voided_by",
    )  # fmt: skip
    return with_service_codes(calls).annotate(
        topic_rows=rows_of(
            CallTopic,
            "topic__position",
            name=label_of("topic"),
            description="description",
            source="source",
            agency=label_of("agency"),
        ),
        event_rows=rows_of(
            CallEvent, "event__starts_at", title="event__title", kind="event__kind", interest="interest"
        ),
        document_rows=rows_of(
            SentDocument,
            of={"message": OuterRef("message")},
            title="version__document__title",
            number="version__number",
            language="version__document__language",
        ),
        answer_rows=rows_of(
            Answer,
            "question__position",
            question=label_of("question", "wording"),
            answer=label_of("choice"),
        ),
    )


def label_in(choices: Any, code: str) -> str:
    """The words for a stored code; one that has no words any more stands for itself."""
    return str(dict(choices.choices).get(code, code))


def page_parts(call: Any) -> dict[str, Any]:
    """What `with_parts` fetched, in the words of the page; and, in two more queries, revisions and consents."""
    revisions = call.note.revisions.select_related("author").order_by("-number") if call.note else []
    return {
        "topics": [{**row, "source": label_in(TopicSource, row["source"])} for row in call.topic_rows],
        "services": [service.label for service in Service if service.value in call.service_codes],
        "events": [
            {**row, "kind": label_in(Event.Kind, row["kind"]), "interest": label_in(Interest, row["interest"])}
            for row in call.event_rows
        ],
        "documents": [{**row, "language": label_in(Language, row["language"])} for row in call.document_rows],
        "answers": call.answer_rows,
        "citizenship": country_name(call.stat_citizenship),
        "origin": country_name(call.stat_origin),
        "revisions": list(revisions),
        "consents": list(consents_of(call)),
    }


def consents_of(call: Call) -> Iterable[ConsentEvent]:
    """The answers about future contact that were given on this call; the ledger keeps its reference (design §2)."""
    if call.contact_id is None or not call.future_contact_answer:
        return []
    events = ConsentEvent.objects.filter(contact_id=call.contact_id, source=Source.CALL, source_ref=call.ref)
    return events.select_related("text_version").order_by("purpose", "channel", "pk")


def is_of_own_team(call: Call, user: Any) -> bool:
    """Who may see a call through a grant on its contact may read it; changing it is for the teams it belongs to."""
    teams = {call.team_id, call.contact.team_id if call.contact else call.team_id}
    return user.team_id in teams or user.has_perm("calls.view_all_teams")
