"""What stands on a page by the hundred, drawn without a template."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from i2a.wall_time import unbroken

register = template.Library()
Group = tuple[str | None, list[dict[str, Any]], int]


@register.simple_tag
def options(groups: Iterable[Group]) -> SafeString:
    """The options of a select, from its widget's `optgroups`."""
    return format_html_join("", "{}", ((options_of(name, choices),) for name, choices, _index in groups))


def options_of(name: str | None, choices: list[dict[str, Any]]) -> SafeString:
    rows = ((str(choice["value"]), flatatt(choice["attrs"]), choice["label"]) for choice in choices)
    drawn = format_html_join("", '\n  <option value="{}"{}>{}</option>', rows)
    return format_html('\n  <optgroup label="{}">{}\n  </optgroup>', name, drawn) if name else drawn


BAR = '<rect class="{}" x="{}" y="2" width="{}" height="6" rx="3"/>'


@register.simple_tag
def clock(face: Any, text: str, due: str = "") -> SafeString:
    """The business-hour clock, `face` being a followups.clock_face.ClockFace: two bars are two business days, the fill
    is the time left, the tick the due moment."""
    bars = [("day", bar.x, bar.width) for bar in face.day] + [("left", bar.x, bar.width) for bar in face.left]
    return format_html(
        '<div class="clock clock-{}"><span class="clock-text">{}{}</span><svg aria-hidden="true">{}{}</svg></div>',
        face.tone,
        unbroken(text),
        format_html(" <small>{}</small>", unbroken(due)) if due else "",
        format_html_join("", BAR, bars),
        format_html('<rect class="due" x="{}" y="0" width="2" height="10"/>', face.due_x) if face.due_x else "",
    )
