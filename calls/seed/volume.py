"""A hundred thousand invented contacts with their calls, to measure on. COPY, not save(): minutes would be hours.

No audit: none of these rows gets an entry, and none is anybody's record. They are scenery for measurements on a
demonstration system. Addresses have no fingerprint, so duplicates by e-mail are not found among them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model

from access.models import User
from calls.models import Call, CallService, CallTopic, Topic
from calls.seed.cast import add_cast
from contacts.choices import Category, TextKind
from contacts.models import ConsentEvent, Contact, TextVersion

BATCH = 10_000  # contacts in one transaction
CALLS_EACH = 3  # on average
AGREED = 0.35
SEED = 1905  # the year Alberta became a province
GIVEN = (
    ["ma", "jo", "an", "ka", "lu", "pe", "ra", "so", "ti", "el", "no", "da", "mi", "ha", "vi", "be"],
    ["ria", "seph", "na", "rim", "cas", "dro", "mon", "fia", "mur", "len", "ora"],
)
FAMILY = (
    ["ko", "wal", "ben", "oka", "san", "mar", "ng", "pet", "hal", "bar", "del", "fer", "gon", "kim", "lan"],
    ["va", "der", "i", "to", "men", "uy", "ros", "lo", "za", "ber", "ga", "tra", "ne", "shi", "ke"],
    ["lenko", "ski", "son", "es", "en", "ova", "for", "rez", "dhu", "moto", "nte", "sen", "ic", "ow"],
)
IN_ITS_SCRIPT = ["Олена Вигадка", "王小明", "علي الخيالي", "김상상", "नेहा कल्पना", "Nguyễn Thị Mộng", "佐藤 花子"]
CATEGORIES = [category for category in Category.values if category != Category.OTHER]  # that needs a description
COUNTRIES = ["PH", "IN", "UA", "NG", "MX", "VN", "CN", "GB", "FR", "PK", "BR", "KR"]
AREAS = ["780", "403", "587", "825", "368"]

Row = dict[str, Any]


@dataclass(frozen=True)
class Stage:
    """What all rows point at."""

    users: list[User]
    topics: list[Topic]
    consent_text: TextVersion
    now: datetime


def add_volume(count: int, *, now: datetime, tell: Callable[[int], None]) -> None:
    """Add `count` contacts with about three calls each; `tell` hears after every batch how many there are so far."""
    staff = [user for user in add_cast(now).values() if user.team_id]
    text = TextVersion.objects.in_force(now).filter(kind=TextKind.CONSENT_SCRIPT, language="en").get()
    stage = Stage(staff, list(Topic.objects.order_by("pk")), text, now)
    taken = Contact.objects.count()  # a second run tells other stories
    for first in range(0, count, BATCH):
        with transaction.atomic():
            add_batch(stage, min(BATCH, count - first), Random(SEED + taken + first))  # noqa: S311 - scenery
        tell(min(first + BATCH, count))


def add_batch(stage: Stage, count: int, random: Random) -> None:
    contacts = numbered("P", Contact, [contact_row(stage, random) for _number in range(count)])
    calls = numbered("C", Call, [row for contact in contacts for row in calls_of(contact, random)])
    copy_rows(Contact, contacts)
    copy_rows(ConsentEvent, (consent_of(stage, row, random) for row in contacts if row["future_contact"] == "agreed"))
    copy_rows(Call, calls)
    copy_rows(CallTopic, ({"call_id": row["id"], "topic_id": random.choice(stage.topics).pk} for row in calls))
    copy_rows(CallService, ({"call_id": row["id"], "service": "answered"} for row in calls))


def contact_row(stage: Stage, random: Random) -> Row:
    user = random.choice(stage.users)
    given, family = spell(GIVEN, random), spell(FAMILY, random)
    category, country = random.choice(CATEGORIES), random.choice(COUNTRIES)
    has_own_script, is_employer = random.random() < 0.1, category == Category.EMPLOYER
    began = stage.now - timedelta(days=30 + random.random() * 1_000)
    phone = phone_number(random)
    return {
        "uid": uuid(random),
        "team_id": user.team_id,
        "name": random.choice(IN_ITS_SCRIPT) if has_own_script else f"{given} {family}",
        "name_latin": f"{given} {family}" if has_own_script else "",
        "organisation": f"{family} Imaginary Works Ltd." if is_employer else "",
        "organisation_type": "corporation" if is_employer else "",
        "category": category,
        "third_party_kind": "lawyer" if category == Category.THIRD_PARTY else "",
        "language": "en",
        "citizenship": country,
        "origin_country": country,
        "email": f"{given}.{family}{random.randrange(10**6)}@example.com".lower(),
        "email_state": "ok",
        "phone": phone,
        "phone_typed": phone,
        "future_contact": "agreed" if random.random() < AGREED else "not_asked",
        "created_at": began,
        "created_by_id": user.pk,
        "updated_at": began,
        "updated_by_id": user.pk,
        "last_activity_at": began + timedelta(days=random.random() * 29),
    }


def calls_of(contact: Row, random: Random) -> Iterator[Row]:
    for _number in range(random.randrange(1, 2 * CALLS_EACH)):
        started_at = contact["created_at"] + (contact["last_activity_at"] - contact["created_at"]) * random.random()
        yield {
            "uid": uuid(random),
            "form_uuid": uuid(random),
            "team_id": contact["team_id"],
            "specialist_id": contact["created_by_id"],
            "contact_id": contact["id"],
            "started_at": started_at,
            "ended_at": started_at + timedelta(seconds=random.randrange(60, 900)),
            "created_at": started_at,
            "direction": "in",
            "calling_for": "self",
            "category": contact["category"],
            "third_party_kind": contact["third_party_kind"],
            "announcement_heard": "yes",
            "stat_citizenship": contact["citizenship"],
            "stat_origin": contact["origin_country"],
            "follow_up_decision": "none",
            "survey_notice": "given",
        }


def consent_of(stage: Stage, contact: Row, random: Random) -> Row:
    return {
        "uid": uuid(random),
        "contact_id": contact["id"],
        "purpose": random.choice(["seminar", "trade_mission"]),
        "channel": "email",
        "status": "granted",
        "basis": "express",
        "source": "call",
        "text_version_id": stage.consent_text.pk,
        "language": "en",
        "at": contact["created_at"],
        "recorded_by_id": contact["created_by_id"],
    }


def spell(syllables: tuple[list[str], ...], random: Random) -> str:
    return "".join(random.choice(choices) for choices in syllables).capitalize()


def phone_number(random: Random) -> str:
    """A 555 number of Alberta, or one as the stories use for Manila."""
    local = f"{random.randrange(10_000):04}"
    return f"+1{random.choice(AREAS)}555{local}" if random.random() < 0.7 else f"+63917555{local}"


def uuid(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)


def numbered(letter: str, model: type[Model], rows: list[Row]) -> list[Row]:
    """The rows with keys and references from the sequences everybody else takes them from."""
    keys = next_numbers(f"{model._meta.db_table}_id_seq", len(rows))
    references = next_numbers(f"reference_{letter.lower()}", len(rows))
    for row, key, reference in zip(rows, keys, references, strict=True):
        row |= {"id": key, "ref": f"{letter}-2023-{reference:06d}"}
    return rows


def next_numbers(sequence: str, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])
        return [number for (number,) in cursor.fetchall()]


def copy_rows(model: type[Model], rows: Iterable[Row]) -> None:
    """COPY rows given by column name; the other columns get the field's default, "" or NULL."""
    rows = list(rows)
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    defaults = {str(field.column): field.get_default() for field in fields}
    columns = [name for name in defaults if name != "id" or "id" in rows[0]]
    lines = ("\t".join(copy_text(row.get(name, defaults[name])) for name in columns) for row in rows)
    quoted = ", ".join(connection.ops.quote_name(name) for name in columns)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.copy_expert(f"COPY {model._meta.db_table} ({quoted}) FROM STDIN", StringIO("\n".join(lines) + "\n"))


def copy_text(value: Any) -> str:
    r"""PostgreSQL's text format; nothing here contains a tab, a backslash or a line break."""
    return r"\N" if value is None else str(value)
