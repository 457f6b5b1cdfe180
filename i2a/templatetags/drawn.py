"""What stands on a page by the hundred, drawn without a template."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

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
