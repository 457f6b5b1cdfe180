"""What stands under every record: its history in sentences and, for privacy officers, who looked at it (R-AUD-01)."""

from typing import Any

from django import template

from audit.history import Step, steps_of
from audit.readers import readers_of

register = template.Library()
NEWEST = 4  # shown at once; the others open


@register.inclusion_tag("audit/_history.html", takes_context=True)
def record_history(context: Any, record: Any, steps: list[Step] | None = None) -> dict[str, Any]:
    """`steps`: as an app tells them that knows more than the fields of this one row."""
    told = steps_of(record) if steps is None else steps
    return {"newest": told[:NEWEST], "earlier": told[NEWEST:], "readers": readers_of(record, context["request"].user)}


@register.inclusion_tag("audit/_readers.html", takes_context=True)
def record_readers(context: Any, record: Any) -> dict[str, Any]:
    """Only who looked, where the page itself tells every step."""
    return {"readers": readers_of(record, context["request"].user)}
