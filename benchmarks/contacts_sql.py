"""What the lookup asks the database against raw SQL on the best index; and how many misspelt names it finds.

    python3 dev.py manage shell -c "import benchmarks.contacts_sql as b; b.main()"

Rounds alternate between both. Ours is every SELECT of `contacts.search.search`, as Django sends it, with permissions.
"""

import statistics
import time
from collections.abc import Callable
from random import Random
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from access.models import User
from contacts.models import Contact
from contacts.search import search

ROUNDS = 60
PROBES = 200
SEED = 1898
VOWELS = "aeiou"
RAW = {
    "1a phone": "phone = '+' || %(q)s OR mobile = '+' || %(q)s",
    "1a last 7 digits": "numbers LIKE '%%' || %(q)s",
    "1a e-mail": "lower(email) = lower(%(q)s)",
    "1b first letters of a surname": "words @@ i2a_prefixes(%(q)s)",
    "1c misspelt name": "words @@ i2a_misspelt(%(q)s)",
}
SELECT = "SELECT uid, name, organisation, email, phone, category, last_activity_at FROM contacts_contact WHERE "


def questions(random: Random) -> dict[str, Callable[[Contact], str]]:
    return {
        "1a phone": lambda contact: contact.phone.removeprefix("+"),
        "1a last 7 digits": lambda contact: contact.phone[-7:],
        "1a e-mail": lambda contact: contact.email,
        "1b first letters of a surname": lambda contact: contact.name.split()[-1][:5],
        "1c misspelt name": lambda contact: misspell(contact.name, random),
    }


def misspell(name: str, random: Random) -> str:
    """One error in one word: letters swapped, one left out, doubled, or another vowel."""
    words = name.lower().split()
    place = random.randrange(len(words))
    word = words[place]
    at = random.randrange(1, len(word) - 1)
    vowels = [index for index, letter in enumerate(word) if letter in VOWELS and index]
    swapped, left_out = word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at + 1 :]
    errors = [swapped, left_out, word[:at] + word[at - 1 :]]
    if vowels:
        at = random.choice(vowels)
        errors.append(word[:at] + random.choice(VOWELS.replace(word[at], "")) + word[at + 1 :])
    words[place] = random.choice(errors)
    return " ".join(words)


def raw(kind: str, q: str) -> float:
    with connection.cursor() as cursor:
        started = time.perf_counter()
        cursor.execute(f"{SELECT} {RAW[kind]} LIMIT 9", {"q": q})
        cursor.fetchall()
        return time.perf_counter() - started


def ours(q: str, user: Any) -> float:
    """The SELECTs of one lookup, sent again as they were: what counts is the database's part."""
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        search(q, user)
    selects = [query["sql"] for query in asked.captured_queries if query["sql"].startswith("SELECT")]
    with connection.cursor() as cursor:
        started = time.perf_counter()
        for sql in selects:
            cursor.execute(sql)
            cursor.fetchall()
        return time.perf_counter() - started


def figures(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.2f} ({statistics.quantiles(seconds, n=20)[-1] * 1000:.2f})"


def main() -> None:
    random = Random(SEED)
    user = User.objects.get(username="maya")
    user.has_perm("contacts.view_contact")
    people = some_people(user)
    print("| question | ours | raw SQL | ratio |\n|---|---|---|---|")
    for kind, say in questions(random).items():
        seconds: dict[str, list[float]] = {"ours": [], "raw": []}
        for number in range(ROUNDS):
            q = say(random.choice(people))
            for side in ("ours", "raw") if number % 2 else ("raw", "ours"):
                seconds[side].append(ours(q, user) if side == "ours" else raw(kind, q))
        ratio = statistics.median(seconds["ours"]) / statistics.median(seconds["raw"])
        print(f"| {kind} | {figures(seconds['ours'])} | {figures(seconds['raw'])} | {ratio:.1f} |", flush=True)
    print(f"\nOf {PROBES} misspelt names {recall(people, user, random):.0%} were among the matches.")


def some_people(user: Any) -> list[Contact]:
    contacts = Contact.objects.active().filter(team=user.team, name_latin="").exclude(email="").exclude(phone="")
    return list(contacts.order_by("uid")[:500])  # anybody: uids are random


def recall(people: list[Contact], user: Any, random: Random) -> float:
    """How often somebody of that very name is among the eight: many share a name, and any of them is an answer."""
    found = 0
    for contact in random.sample(people, PROBES):
        with transaction.atomic():
            names = {match.contact.name for match in search(misspell(contact.name, random), user).matches}
        found += contact.name in names
    return found / PROBES
