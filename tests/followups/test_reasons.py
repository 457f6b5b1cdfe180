from datetime import time

import pytest
from django.utils.translation import override

from followups.calendar import Block, Calendar, due_at
from followups.reasons import say_reason
from i2a.wall_time import unbroken
from tests.followups.hours import NINE_HOLIDAYS, WEEK, closed, edmonton, half_day

YEAR_END_CLOSED = Calendar(WEEK, closed("Government closure", "Boxing Day"))
LUNCH_BREAK = Calendar({weekday: (Block(time(9), time(12)), Block(time(13), time(16))) for weekday in range(1, 6)})
HALF_DAY = Calendar(WEEK, half_day("2026-11-24", (time(9), time(12))))

REASONS = [
    (
        "2026-11-23 10:05",
        NINE_HOLIDAYS,
        "Received Monday 10:05 am. Due Tuesday 10:05 am.",
        "Reçu lundi à 10 h 05. À répondre au plus tard mardi à 10 h 05.",
    ),
    (
        "2026-02-13 16:45",
        NINE_HOLIDAYS,
        "Received Friday 4:45 pm, after hours. Monday closed (Family Day). Due Tuesday 4:30 pm.",
        "Reçu vendredi à 16 h 45, après les heures de service. Lundi fermé (Jour de la Famille). "
        "À répondre au plus tard mardi à 16 h 30.",
    ),
    (
        "2026-02-13 16:10",
        NINE_HOLIDAYS,
        "Received Friday 4:10 pm. Monday closed (Family Day). Due Tuesday 4:10 pm.",
        "Reçu vendredi à 16 h 10. Lundi fermé (Jour de la Famille). À répondre au plus tard mardi à 16 h 10.",
    ),
    (
        "2026-11-24 08:15",
        NINE_HOLIDAYS,
        "Received Tuesday 8:15 am, before hours. Due Tuesday 4:30 pm.",
        "Reçu mardi à 8 h 15, avant les heures de service. À répondre au plus tard mardi à 16 h 30.",
    ),
    (
        "2026-11-21 12:00",
        NINE_HOLIDAYS,
        "Received Saturday 12:00 pm, on a day without service. Due Monday 4:30 pm.",
        "Reçu samedi à 12 h, un jour sans service. À répondre au plus tard lundi à 16 h 30.",
    ),
    (
        "2026-11-11 10:00",
        NINE_HOLIDAYS,
        "Received Wednesday 10:00 am, on a day without service. Wednesday closed (Remembrance Day). "
        "Due Thursday 4:30 pm.",
        "Reçu mercredi à 10 h, un jour sans service. Mercredi fermé (Jour du Souvenir). "
        "À répondre au plus tard jeudi à 16 h 30.",
    ),
    (
        "2026-12-23 11:00",
        YEAR_END_CLOSED,
        "Received Wednesday 11:00 am. Thursday closed (Government closure). Friday closed (Christmas Day). "
        "Monday to Thursday 31 December closed (Government closure). Friday 1 January closed (New Year's Day). "
        "Due Monday 4 January 11:00 am.",
        "Reçu mercredi à 11 h. Jeudi fermé (Fermeture du gouvernement). Vendredi fermé (Noël). "
        "Lundi au jeudi 31 décembre fermé (Fermeture du gouvernement). Vendredi 1er janvier fermé (Jour de l'An). "
        "À répondre au plus tard lundi 4 janvier à 11 h.",
    ),
    (
        "2026-11-23 15:10",
        HALF_DAY,
        "Received Monday 3:10 pm. No service Tuesday at 3:10 pm. Due Tuesday 12:00 pm.",
        "Reçu lundi à 15 h 10. Pas de service mardi à 15 h 10. À répondre au plus tard mardi à 12 h.",
    ),
    (
        "2026-11-23 12:20",
        LUNCH_BREAK,
        "Received Monday 12:20 pm, during a pause. No service Tuesday at 12:20 pm. Due Tuesday 12:00 pm.",
        "Reçu lundi à 12 h 20, pendant une pause. Pas de service mardi à 12 h 20. "
        "À répondre au plus tard mardi à 12 h.",
    ),
]


@pytest.mark.parametrize(("received", "calendar", "english", "french"), REASONS)
def test_the_clock_explains_itself(received, calendar, english, french):
    with override("en-ca"):
        assert say_reason(due_at(edmonton(received), calendar).steps) == english


@pytest.mark.parametrize(("received", "calendar", "english", "french"), REASONS)
def test_the_clock_explains_itself_in_french(received, calendar, english, french):
    with override("fr-ca"):
        assert say_reason(due_at(edmonton(received), calendar).steps) == unbroken(french)


def test_no_steps_no_words():
    assert say_reason([]) == ""
