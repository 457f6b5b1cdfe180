"""Which pages no log names, nor the record of refusals: those behind the link of a survey. A line with its time would
be a trail from the call on which somebody answered to what they answered (R7, decision 0022)."""

import logging

SURVEYS = "/s"  # with and without the slash that Django adds


def is_unlogged(path: object) -> bool:
    return isinstance(path, str) and path.rstrip("/") == SURVEYS


class NothingOfSurveys(logging.Filter):
    """Django would write down each link that was used twice, cut off, guessed or stuffed. An error of ours is a line
    all the same: then nothing was kept of what was answered."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        is_our_error = record.name == "django.request" and record.levelno >= logging.ERROR
        return is_our_error or not is_unlogged(getattr(request, "path", None))
