"""Links of a survey under misuse (M16): each used twice at once, once more after closing, and guessed ones.

    python -m benchmarks.survey_links [links] [guesses] [of these sent to the web server]

On servers of its own, over HTTP from four connections. Each link is sent twice at the same moment, and once more after
the survey has closed, with a tenth as many that nobody used before. All guesses are looked for among the tickets by
their hashes; some are sent to the web server too, from the same address as one real link each fifty, which must never
be refused. The goal: one response for each link, 410 for each second use and after closing, no hit among the guesses.
"""

import os
import secrets
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import local
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ops.scratch import scratch

if TYPE_CHECKING:
    from surveys.models import Survey

CONNECTIONS = 4
EACH = 50  # guesses between two looks at a real link
BATCH = 1000
Send = Callable[[str], int]


def main(links: int = 10_000, guesses: int = 100_000, sent: int = 2000) -> None:
    with scratch() as servers:
        os.environ.update(servers.environment)
        servers.manage("collectstatic", "--noinput", "--verbosity=0")
        import django

        django.setup()
        run(links, guesses, sent)


def run(links: int, guesses: int, sent: int) -> None:
    from benchmarks.lookup import web_server
    from surveys.ballots.tokens import path_of, phone_token
    from surveys.models import Response
    from tests.factories import QuestionFactory, SurveyFactory

    survey = SurveyFactory(is_open=True)
    question = QuestionFactory(survey=survey, position=1)
    paths = [path_of(phone_token(survey, number)) for number in range(1, links + links // 10 + 1)]
    make_tickets(survey, len(paths))
    form = {"go": "next", "place": "0", f"q{question.pk}": "4"}
    with web_server("i2a.wsgi", threads=CONNECTIONS) as port:
        post, get = sender(port, "POST", form), sender(port, "GET")
        report("open, each twice at once", post, [path for path in paths[:links] for _twice in range(2)])
        report("responses for these links", lambda _path: Response.objects.filter(survey=survey).count(), [""])
        tokens = [secrets.token_hex(20) for _guess in range(guesses)]
        find(tokens)
        report("guesses, to the page", get, [path_of(token) for token in tokens[:sent]], real=paths[-1])
        close_now(survey)
        report("after closing, used before", post, paths[:links])
        report("after closing, never used", post, paths[links:])
    print(f"{Response.objects.filter(survey=survey).count()} responses in the end")


def make_tickets(survey: "Survey", count: int) -> None:
    from surveys.ballots.tokens import hash_of, phone_token
    from surveys.models import BallotBox, Ticket

    hashes = sorted(hash_of(phone_token(survey, number)) for number in range(1, count + 1))
    Ticket.objects.bulk_create(
        [Ticket(token_sha256=sha256, survey=survey, place=place) for place, sha256 in enumerate(hashes)], 5000
    )
    BallotBox.objects.create(survey=survey, used="0" * count)


def close_now(survey: "Survey") -> None:
    from i2a import clock
    from surveys.inviting.switching import close

    close(survey=survey, because="", by=survey.created_by, now=clock.now())


def find(tokens: list[str]) -> None:
    from surveys.ballots.tokens import hash_of
    from surveys.models import Ticket

    batches = [tokens[start : start + BATCH] for start in range(0, len(tokens), BATCH)]
    hits = sum(Ticket.objects.filter(pk__in=[hash_of(token) for token in batch]).count() for batch in batches)
    print(f"guesses, by their hashes: {len(tokens)}, {hits} hits", flush=True)


def sender(port: int, method: str, form: dict[str, str] | None = None) -> Send:
    """Sends to the web server, over one connection for each thread, and gives the status."""
    own = local()
    body = urlencode(form) if form else None
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}

    def send(path: str) -> int:
        if not hasattr(own, "connection"):
            own.connection = HTTPConnection("127.0.0.1", port)
        own.connection.request(method, path, body, headers)
        answer = own.connection.getresponse()
        answer.read()
        return int(answer.status)

    return send


def report(what: str, send: Send, paths: list[str], real: str = "") -> None:
    """How many answers of each status; apart from these, those of the `real` link that is looked at in between."""

    def both(numbered: tuple[int, str]) -> tuple[int, int | None]:
        number, path = numbered
        return send(path), send(real) if real and number % EACH == 0 else None

    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        statuses = list(pool.map(both, enumerate(paths)))
    seconds = time.perf_counter() - began
    print(f"{what}: {dict(Counter(status for status, _real in statuses))}", end="")
    between = dict(Counter(status for _guess, status in statuses if status is not None))
    print(f", a real link in between: {between}" if between else "", end="")
    print(f"; {seconds:.0f} s, load {os.getloadavg()[0]:.1f}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
