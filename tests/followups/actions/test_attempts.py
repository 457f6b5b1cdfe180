"""Attempts are counted, and stop."""

import pytest

from followups.attempts import StillToTry, give_up
from tests.followups.actions.pages import NOW, again, text_of, url_of
from tests.followups.pages import beside

pytestmark = pytest.mark.django_db


def test_attempts_are_counted_and_stop_after_three(client, follow_up, specialist):
    for result in ("left_message", "unreachable", "unreachable"):
        client.post(url_of("attempt", follow_up), {"result": result})
    fourth = client.post(url_of("attempt", follow_up), {"result": "unreachable"}, follow=True)

    assert "Three attempts were made. Close it as not reached, or hand it over." in text_of(fourth)
    assert again(follow_up).attempts_made == 3
    assert [attempt.result for attempt in follow_up.attempts.order_by("number")] == [
        "left_message", "unreachable", "unreachable",
    ]  # fmt: skip
    assert "3 attempts of 3" in text_of(client.get("/followups/"))


def test_after_three_attempts_it_may_be_closed_as_not_reached(client, follow_up, specialist):
    typed = {"version": 1, "answer": "not_reached", "outcome": "No answer, three times."}
    early = client.post(url_of("close", follow_up), typed)
    for _number in range(3):
        client.post(url_of("attempt", follow_up), {"result": "unreachable"})

    client.post(url_of("close", follow_up), typed | {"version": again(follow_up).version})

    assert "Record how the client was answered." in beside(early, "answer")
    assert (again(follow_up).status, follow_up.cancel_reason) == ("cancelled", "No answer, three times.")


def test_nobody_gives_up_before(follow_up, specialist):
    with pytest.raises(StillToTry):
        give_up(follow_up=follow_up, reason="Tired", by=specialist, now=NOW)


@pytest.mark.parametrize("typed", [{}, {"result": "shouted"}])
def test_an_unknown_result_records_nothing(client, follow_up, typed):
    client.post(url_of("attempt", follow_up), typed)

    assert again(follow_up).attempts_made == 0
