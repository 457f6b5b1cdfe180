"""Links of a survey under misuse (M16): each used twice at once, some after closing, and guessed ones.

    python -m benchmarks.survey_links [links] [guesses]

On servers of its own, through the whole Django stack. Each link is sent twice at the same moment from two threads; then
a tenth of fresh links after the survey has closed; then guesses of the right shape. The goal: one answer for each link,
410 for each second use and after closing, no hit among the guesses.
"""

import os
import secrets
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from ops.scratch import scratch

FORM = {"go": "next", "place": "0"}


def main(links: int, guesses: int) -> None:
    with scratch() as servers:
        os.environ.update(servers.environment)
        import django

        django.setup()
        run(links, guesses)


def run(links: int, guesses: int) -> None:
    from i2a import clock
    from surveys.ballots.tokens import LENGTH, path_of, phone_token
    from surveys.models import Response
    from tests.factories import QuestionFactory, SurveyFactory

    survey = SurveyFactory(is_open=True)
    question = QuestionFactory(survey=survey, position=1)
    late = links // 10
    paths = [path_of(phone_token(survey, number)) for number in range(1, links + late + 1)]
    make_tickets(survey, len(paths))
    form = {**FORM, f"q{question.pk}": "4"}

    began = time.perf_counter()
    print("open, each twice at once:", posted([path for path in paths[:links] for _twice in range(2)], form))
    print(f"{2 * links / (time.perf_counter() - began):.0f} answers a second, {os.getloadavg()[0]:.1f} load")
    responses = Response.objects.filter(survey=survey).count()
    survey.closes_on = clock.today() - timedelta(days=1)
    survey.send_on = survey.closes_on - timedelta(days=20)
    survey.save()
    print("after closing:", posted(paths[links:], form))
    guessed = [path_of(secrets.token_hex(LENGTH // 2)) for _guess in range(guesses)]
    print("guessed:", posted(guessed, form))
    kept = Response.objects.filter(survey=survey).count()
    print(f"{links} links, {responses} responses; {kept - responses} more after closing and guessing")


def make_tickets(survey: "object", count: int) -> None:
    from surveys.ballots.tokens import hash_of, phone_token
    from surveys.models import BallotBox, Survey, Ticket

    assert isinstance(survey, Survey)
    hashes = sorted(hash_of(phone_token(survey, number)) for number in range(1, count + 1))
    Ticket.objects.bulk_create(
        [Ticket(token_sha256=sha256, survey=survey, place=place) for place, sha256 in enumerate(hashes)], 5000
    )
    BallotBox.objects.create(survey=survey, used="0" * count)


def posted(paths: list[str], form: dict[str, str]) -> dict[int, int]:
    """How many answers of each status."""
    with ThreadPoolExecutor(2) as pool:
        return dict(Counter(pool.map(lambda path: post(path, form), paths)))


def post(path: str, form: dict[str, str]) -> int:
    from django.test import Client

    return int(Client().post(path, form).status_code)


if __name__ == "__main__":
    main(*[int(word) for word in [*sys.argv[1:], *["10000", "100000"][len(sys.argv) - 1 :]]])
