"""The parts of a planned call: topics, services, documents, events, answers to the script."""

from collections import defaultdict
from dataclasses import dataclass
from random import Random

from calls.choices import Interest, Service, TopicSource
from calls.models import (
    Answer,
    Call,
    CallEvent,
    CallService,
    CallTopic,
    Choice,
    DocumentVersion,
    ReferralAgency,
    Script,
    SentDocument,
    Topic,
)
from calls.seed.batch import Batch
from calls.seed.people import Person
from calls.seed.plan import PlannedCall
from contacts.choices import Language
from outreach.models import Event

EVENT_TOPICS = {"Seminars": Event.Kind.SEMINAR, "Trade missions": Event.Kind.TRADE_MISSION}
EVENT_SERVICES = {"Seminars": Service.SEMINAR, "Trade missions": Service.TRADE_MISSION}


@dataclass(frozen=True)
class Shelf:
    """The rows that details point at: documents by stem and language, topics by name, events by kind."""

    documents: dict[tuple[str, str], DocumentVersion]
    topics: dict[str, Topic]
    agencies: list[ReferralAgency]
    events: dict[str, list[Event]]
    choices: list[list[Choice]]  # of each question


def load_shelf(documents: dict[tuple[str, str], DocumentVersion], script: Script) -> Shelf:
    events, choices = defaultdict(list), defaultdict(list)
    for event in Event.objects.order_by("pk"):
        events[event.kind].append(event)
    for choice in Choice.objects.filter(question__script=script).order_by("question__position", "position"):
        choices[choice.question_id].append(choice)
    return Shelf(
        documents=documents,
        topics={topic.name: topic for topic in Topic.objects.all()},
        agencies=list(ReferralAgency.objects.order_by("pk")),
        events=events,
        choices=list(choices.values()),
    )


@dataclass(frozen=True)
class Details:
    language: Language
    documents: list[DocumentVersion]
    agency: ReferralAgency | None


def choose_details(shelf: Shelf, planned: PlannedCall, person: Person | None, random: Random) -> Details:
    """Who has an e-mail address often gets the document of the topic; some are referred to an agency."""
    language = Language.FR if person and person.writes_french else Language.EN
    is_mailed = False
    if person and person.columns["email"] and planned.answers is None:
        is_mailed = person.materials_only or random.random() < 0.4
    documents = [shelf.documents[planned.talk.document, language]] if is_mailed else []
    agency = random.choice(shelf.agencies) if random.random() < 0.12 else None
    return Details(language, documents, agency)


def add_details(batch: Batch, shelf: Shelf, call: Call, planned: PlannedCall, details: Details, random: Random) -> None:
    batch.add(topic_of(shelf, call, planned, details))
    for service in services_of(planned, details):
        batch.add(CallService(call=call, service=service))
    if call.message:
        for version in details.documents:
            batch.add(SentDocument(message=call.message, version=version, at=call.message.created_at))
    kind = EVENT_TOPICS.get(planned.talk.topic)
    if kind:
        event = random.choice(shelf.events[kind])
        batch.add(CallEvent(call=call, event=event, interest=random.choice(Interest.values)))
    if planned.answers is None:
        for choices in shelf.choices:
            choice = random.choice(choices)
            batch.add(Answer(call=call, question_id=choice.question_id, choice=choice))


def topic_of(shelf: Shelf, call: Call, planned: PlannedCall, details: Details) -> CallTopic:
    topic = shelf.topics[planned.talk.topic]
    description = "Arriving in Alberta" if topic.needs_description else ""
    source = TopicSource.AGENCY if details.agency else TopicSource.DEPARTMENT
    return CallTopic(call=call, topic=topic, description=description, source=source, agency=details.agency)


def services_of(planned: PlannedCall, details: Details) -> list[Service]:
    services = [] if planned.due else [Service.ANSWERED]
    if details.documents:
        services.append(Service.EMAILED)
    if details.agency:
        services.append(Service.REFERRED)
    if planned.due:
        services.append(Service.CALL_BACK)
    if planned.talk.topic in EVENT_SERVICES:
        services.append(EVENT_SERVICES[planned.talk.topic])
    return services
