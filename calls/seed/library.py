"""The demonstration's documents and events. A document's text is a file: its title, an empty line, its body."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from access.models import User
from calls.models import Document, DocumentVersion, Topic
from calls.seed.pdf import pdf_of
from calls.services import library as services
from contacts.choices import Language
from i2a import files
from outreach.models import Event
from outreach.public_form import new_token

TEXTS = Path(__file__).with_name("documents")
SERVICE, CANADA = "I2A Information Service", "Immigration, Refugees and Citizenship Canada"

# stem, topic, source, days until its review date
DOCUMENTS = [
    ("work-permits", "Work permits", CANADA, 210),
    ("lmia-checklist", "Work permits", "Employment and Social Development Canada", 120),
    ("nominee-program", "Alberta Immigrant Nominee Program", SERVICE, 90),
    ("job-search", "Job opportunities", SERVICE, 300),
    ("welder-licensing", "Trade licences", "Alberta Apprenticeship and Industry Training", 240),
    ("qualifications", "Trade licences", "International Qualifications Assessment Service", 180),
    ("study", "Study", CANADA, 150),
    ("business", "Economic immigration", SERVICE, 330),
    ("arriving", "Other", SERVICE, 365),
    ("fees-and-times", "Economic immigration", CANADA, -20),  # past its review date: cannot be sent (R-INF-01)
]


@dataclass(frozen=True)
class PlannedEvent:
    """`begins` is the wall time of the place; `country` is its area, "" for everywhere."""

    kind: Event.Kind
    title: str
    place: str
    days_ahead: int
    begins: time
    zone: str = "America/Edmonton"
    country: str = "CA"
    languages: tuple[str, ...] = ("en",)
    seats: int | None = None
    about: str = ""
    public_form: Event.PublicForm = Event.PublicForm.NONE


SEMINAR, TRADE_MISSION = Event.Kind.SEMINAR, Event.Kind.TRADE_MISSION
EVENTS = [
    PlannedEvent(
        SEMINAR,
        "Hiring from abroad: a morning for employers",
        "Calgary",
        9,
        time(9, 30),
        seats=6,
        about="What an employer needs before hiring from abroad, step by step, with time for questions.",
    ),
    PlannedEvent(
        SEMINAR,
        "Work permits for spouses and students",
        "Online",
        16,
        time(12),
        country="",
        languages=("en", "fr"),
        seats=20,
        about="Who may work while a partner works or studies here. In English, with answers in French.",
        public_form=Event.PublicForm.OPEN,
    ),
    PlannedEvent(SEMINAR, "Starting a business in rural Alberta", "Lethbridge", 24, time(13)),
    PlannedEvent(
        SEMINAR, "Travailler en français dans le nord", "Peace River", 31, time(10), languages=("fr",), seats=25
    ),
    PlannedEvent(TRADE_MISSION, "Alberta in Manila", "Manila", 75, time(9), "Asia/Manila", "PH", ("en", "tl"), 120),
    PlannedEvent(
        TRADE_MISSION,
        "Alberta in Warsaw: trades and health care",
        "Warsaw",
        110,
        time(10),
        "Europe/Warsaw",
        "PL",
        ("en", "pl"),
    ),
    PlannedEvent(SEMINAR, "Newcomers' evening", "Edmonton", -12, time(18)),
]
UPDATE_TITLE = "News of the nominee program"


AS_PDF = {"lmia-checklist", "nominee-program", "welder-licensing"}
WRONG = "It said that the fee is paid after the decision. The fee is paid together with the application."
RIGHT = "The fee is paid together with the application, not after the decision."
PROPOSED = "New in week 2: newcomers' centres in Edmonton and Calgary are open on Saturdays as well."


def add_documents(today: date) -> dict[tuple[str, str], DocumentVersion]:
    """Every document in English and its translation, version 1, by stem and language. What is there stays as it is."""
    versions: dict[tuple[str, str], DocumentVersion] = {}
    for stem, topic, source, days in DOCUMENTS:
        english = add_document(stem, Language.EN, topic, source, today + timedelta(days=days))
        french = add_document(stem, Language.FR, topic, source, today + timedelta(days=days), english.document)
        versions |= {(stem, str(Language.EN)): english, (stem, str(Language.FR)): french}
    return versions


def keep_library(documents: dict[tuple[str, str], DocumentVersion], users: dict[str, User], now: datetime) -> None:
    """A mistake was found after a month of mails and corrected today; and a team lead proposes something."""
    wrong, arriving = documents["work-permits", Language.EN], documents["arriving", Language.EN]
    services.mark_wrong(version=wrong, because=WRONG, by=users["grant"], now=now - timedelta(hours=2))
    add_next(wrong, f"{wrong.body}\n\n{RIGHT}", by=users["grant"], is_released=True, now=now - timedelta(hours=1))
    add_next(arriving, f"{arriving.body}\n\n{PROPOSED}", by=users["priya"], is_released=False, now=now)


def add_next(version: DocumentVersion, body: str, *, by: User, is_released: bool, now: datetime) -> None:
    says = {"body": body, "url": version.url, "review_on": version.review_on}
    document = version.document
    services.add_version(
        document=document, seen_version=document.version, says=says, by=by, is_released=is_released, now=now
    )


def add_document(
    stem: str, language: Language, topic: str, source: str, review_on: date, original: Document | None = None
) -> DocumentVersion:
    title, body = (TEXTS / f"{stem}.{language}.txt").read_text(encoding="utf-8").split("\n\n", 1)
    known = {"topic": Topic.objects.get(name=topic), "source": source, "translation_of": original}
    document, _created = Document.objects.get_or_create(title=title, language=language, defaults=known)
    version, _created = DocumentVersion.objects.get_or_create(
        document=document,
        number=1,
        defaults={
            "body": body.strip(),
            "url": f"https://i2a.example.org/{language}/{stem}",
            "review_on": review_on,
            **(file_of(title, body) if stem in AS_PDF else {}),
        },
    )
    return version


def file_of(title: str, body: str) -> dict[str, Any]:
    data = pdf_of(title, body)
    return {"file_sha256": files.keep(data), "file_size": len(data)}


def add_events(today: date) -> list[Event]:
    """Seminars and trade missions around today, and the undated news."""
    Event.objects.get_or_create(kind=Event.Kind.UPDATE, title=UPDATE_TITLE)
    return [add_event(planned, today) for planned in EVENTS]


def add_event(planned: PlannedEvent, today: date) -> Event:
    starts_at = datetime.combine(
        today + timedelta(days=planned.days_ahead), planned.begins, tzinfo=ZoneInfo(planned.zone)
    )
    event, _created = Event.objects.get_or_create(
        kind=planned.kind,
        title=planned.title,
        defaults={
            "place": planned.place,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=2),
            "languages": list(planned.languages),
            "seats": planned.seats,
            "about": planned.about,
            "public_form": planned.public_form,
            "link_token": new_token(),
            "contact_point": "I2A Information Service",
            "zone": planned.zone,
            "countries": [planned.country] if planned.country else [],
        },
    )
    return event
