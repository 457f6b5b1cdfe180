"""Campaigns at each stage: one that went out, one that waits for approval, one that is being written.

Thirty people from the Philippines agreed to hear of trade missions, three of whom have called this month; the first of
those has a second record.
"""

from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from django.db import connection

from access.models import User
from calls.seed.consent import who_agreed
from calls.seed.library import UPDATE_TITLE
from contacts.choices import Purpose
from contacts.models import Contact, TextVersion
from i2a.clock import EDMONTON
from outbox.models import Message
from outbox.states import Rows, Step, take
from outreach.campaigns import approving, drafting, releasing
from outreach.models import Campaign, Event

State = Message.State
MANILA, HIRING = "Alberta in Manila", "Hiring from abroad"
FAMILY = ["Makata-Reyes", "Bathala-Cruz", "Haraya-Lim"]
GIVEN = ["Luzviminda", "Crisanto", "Dalisay", "Amihan", "Bayani", "Ligaya", "Makisig", "Tala", "Isagani", "Mutya"]
WORDS: dict[str, dict[str, Any]] = {
    HIRING: {
        "title": "Invitation to the morning for employers",
        "subject_en": "Hiring from abroad: a morning for employers in Calgary",
        "text_en": "What do you need before you hire from abroad? We go through it step by step, and you ask.\n\n"
        "Register here: https://i2a.example.org/en/hiring-from-abroad",
        "subject_fr": "Recruter à l’étranger : une matinée pour les employeurs à Calgary",
        "text_fr": "Que faut-il avant de recruter à l’étranger? Nous voyons chaque étape; posez vos questions.\n\n"
        "Inscription : https://i2a.example.org/fr/hiring-from-abroad",
    },
    MANILA: {
        "title": "Alberta in Manila: invitation",
        "countries": ["PH"],
        "subject_en": "Alberta employers meet you in Manila",
        "text_en": "Fourteen Alberta employers will be in Manila. They are looking for welders, cooks and health care "
        "aides.\n\nIt costs nothing to attend. Please book a time, and bring your trade certificate:\n"
        "https://i2a.example.org/en/alberta-in-manila",
    },
    UPDATE_TITLE: {
        "title": "What is new in the nominee program",
        "categories": ["employer", "temporary_foreign_worker"],
        "subject_en": "What is new in the nominee program",
        "text_en": "Two streams open again in spring.",
    },
}


def add_campaigns(users: dict[str, User], words: TextVersion, now: datetime) -> None:
    add_people_of_manila(users["maya"], words, now - timedelta(days=45))
    today, priya = now.astimezone(EDMONTON).date(), users["priya"]
    left = (now - timedelta(minutes=20)).astimezone(EDMONTON).replace(second=0, microsecond=0)
    send(start(HIRING, left.date(), left.time(), priya, now - timedelta(days=2)), users, now)
    mission = start(MANILA, today + timedelta(days=1), time(11), priya, now - timedelta(hours=2))
    approving.ask_for_approval(campaign=mission, seen_version=1, by=priya, now=now - timedelta(hours=1))
    start(UPDATE_TITLE, today + timedelta(days=7), time(9, 30), priya, now - timedelta(minutes=40))


def add_people_of_manila(by: User, words: TextVersion, at: datetime) -> None:
    callers = set(zip(FAMILY, GIVEN, strict=False))  # from `people.csv`
    for place, (family, given) in enumerate(product(FAMILY, GIVEN)):
        if (family, given) not in callers:
            add_person(f"{given} {family}", place, by, words, at + timedelta(minutes=place))
    first = Contact.objects.get(name=f"{GIVEN[0]} {FAMILY[0]}")
    add_person("L. Makata", len(GIVEN) * len(FAMILY), by, words, at, email=first.email)


def add_person(name: str, place: int, by: User, words: TextVersion, at: datetime, email: str = "") -> None:
    """Who lives where is not known: they count for where they come from."""
    values = {
        "name": name,
        "email": email or address_of(name),
        "phone": f"+639175550{place:03}",
        "language": "tl" if place % 3 else "en",
        "origin_country": "PH",
    }
    who_agreed(values, by, words, at, purposes=[Purpose.TRADE_MISSION])


def address_of(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@example.org"


def start(event: str, day: date, at: time, by: User, now: datetime) -> Campaign:
    campaign = Campaign(event=Event.objects.get(title__startswith=event), send_on=day, send_at=at, **WORDS[event])
    form_uuid = uuid5(NAMESPACE_URL, f"i2a:seed_demo:campaign:{event}")
    return drafting.start_campaign(campaign=campaign, form_uuid=form_uuid, by=by, now=now)


def send(campaign: Campaign, users: dict[str, User], now: datetime) -> None:
    """Approved yesterday; all have left."""
    yesterday = now - timedelta(days=1)
    approving.ask_for_approval(campaign=campaign, seen_version=1, by=users["priya"], now=yesterday)
    campaign.refresh_from_db()
    sha256 = approving.changed_since_freeze(campaign).sha256
    approving.approve(campaign=campaign, seen_sha256=sha256, seen_version=2, by=users["grant"], now=yesterday)
    releasing.tick(now=now - timedelta(minutes=19))
    let_leave(campaign.mailing, now - timedelta(minutes=18))
    releasing.tick(now=now - timedelta(minutes=17))


def let_leave(mailing: str, now: datetime) -> None:
    """What the sender does, without a mail server."""
    token = {"claim_token": str(uuid4())}
    steps = [
        ("queued", Step(State.CLAIMED, at=now, leased=True, columns=token)),
        ("claimed", Step(State.SENDING, at=now, leased=True, columns={"attempts": 1})),
        ("sending", Step(State.SENT, at=now, columns={"sent_at": now, "smtp_code": "250", "claim_token": None})),
    ]
    with connection.cursor() as cursor:
        for state, step in steps:
            take(cursor, Rows("purpose_key = %s AND state = %s", [mailing, state]), step)
