"""Why a follow-up is due when it is: the stored steps in a sentence, in the language of the page (N9)."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from followups.calendar import Step, StepCode
from i2a.language import is_french
from i2a.wall_time import WEEKDAY_IS_CLEAR_FOR, in_words, say_minutes, say_time, say_weekday

RECEIVED = {
    StepCode.IN_HOURS: gettext_noop("received %(day)s %(time)s"),
    StepCode.BEFORE_HOURS: gettext_noop("received %(day)s %(time)s, before hours"),
    StepCode.AFTER_HOURS: gettext_noop("received %(day)s %(time)s, after hours"),
    StepCode.BETWEEN_BLOCKS: gettext_noop("received %(day)s %(time)s, during a pause"),
    StepCode.PLANNED: gettext_noop("planned %(day)s %(time)s"),
    StepCode.CLOSED_DAY: gettext_noop("received %(day)s %(time)s, on a day without service"),
}


def say_reason(steps: Sequence[Step]) -> str:
    """Print as in: "Received Friday 4:45 pm, after hours. Monday closed (Family Day). Due Tuesday 4:30 pm."

    Plain weekends go without saying. Empty for a follow-up that stores no steps (one of the old system).
    """
    if not steps:
        return ""
    seen_from = steps[0].on
    sentences = [_say_run(run, seen_from) for run in _runs(steps)]
    return " ".join(f"{capfirst(sentence)}." for sentence in sentences)


def _say_run(run: Sequence[Step], seen_from: date) -> str:
    step = run[0]
    if step.code is StepCode.CLOSED:
        return _say_closure(run, seen_from)
    words = {"day": _say_near_day(step.on, seen_from), "time": say_time(step.at) if step.at else ""}
    if step.code is StepCode.DUE:
        return _("due %(day)s %(time)s") % words
    if step.code is StepCode.NO_SERVICE_THEN:
        return _("no service %(day)s at %(time)s") % words
    if step.code is StepCode.PAUSED:
        return _("paused %(day)s %(time)s, for %(length)s of service") % {**words, "length": say_minutes(step.minutes)}
    return _(RECEIVED[step.code]) % words


def _say_closure(run: Sequence[Step], received_on: date) -> str:
    first, last = run[0], run[-1]
    words = {
        "day": _say_near_day(first.on, received_on),
        "last_day": _say_near_day(last.on, received_on),
        "name": _name(first),
    }
    if first is last:
        return _("%(day)s closed (%(name)s)") % words
    return _("%(day)s to %(last_day)s closed (%(name)s)") % words


def _runs(steps: Sequence[Step]) -> list[list[Step]]:
    """One step each, but days in a row that are closed for the same reason together: a closure is one sentence."""
    runs: list[list[Step]] = []
    for before, step in pairwise([None, *steps]):
        assert step is not None
        if before and _continues(before, step):
            runs[-1].append(step)
        else:
            runs.append([step])
    return runs


def _continues(before: Step, step: Step) -> bool:
    are_closed = before.code is step.code is StepCode.CLOSED
    return are_closed and step.on - before.on == timedelta(days=1) and step.name == before.name


def _say_near_day(day: date, received_on: date) -> str:
    """The weekday alone while it can only mean one day, seen from the reception."""
    if abs(day - received_on) <= WEEKDAY_IS_CLEAR_FOR:
        return say_weekday(day)
    return in_words(day, "l j F")


def _name(step: Step) -> str:
    return step.name_fr if step.name_fr and is_french() else step.name
