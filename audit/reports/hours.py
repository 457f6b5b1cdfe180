"""When the service was open. The business calendar belongs to an app above: it registers what it knows."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import BooleanField, F, Func, Q, Value

Spans = Callable[[datetime, datetime], list[tuple[datetime, datetime]]]
calendars: list[Spans] = []  # each says the open hours that begin between two instants


class IsWithin(Func):
    """Whether an instant lies in one of many spans, written as PostgreSQL's tstzmultirange."""

    template = "(%(expressions)s)"
    arg_joiner = "::tstzmultirange @> "
    output_field = BooleanField()


def outside(column: str, start: datetime, end: datetime) -> Q:
    spans = [
        f"[{opens.isoformat()},{closes.isoformat()})" for spans in calendars for opens, closes in spans(start, end)
    ]
    return ~Q(IsWithin(Value("{" + ",".join(spans) + "}"), F(column)))
