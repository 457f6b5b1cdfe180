"""What a test needs that sends odd requests to every page: the names code reads, the fields a page has, a body."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote_from_bytes

from django import forms
from django.conf import settings

FORM = "application/x-www-form-urlencoded"
READ = re.compile(
    r'(?:GET|POST|data|query|typed)(?:\.get|\.getlist|\.pop)?[\[(]"(\w+)"|"(\w+)" (?:not )?in request\.\w+'
)


def parameters_read(app: str) -> list[str]:
    """The names that code of this app takes out of a request, whether or not a form has them."""
    sources = (path.read_text() for path in Path(settings.BASE_DIR, app).rglob("*.py"))
    return sorted({name for source in sources for pair in READ.findall(source) for name in pair if name})


def fields_of_forms(app: str, parent: type = forms.BaseForm) -> Iterator[str]:
    """The names of all fields that forms of this app have."""
    for form in parent.__subclasses__():
        if form.__module__.partition(".")[0] == app:
            yield from getattr(form, "base_fields", {})
        yield from fields_of_forms(app, form)


def fields_of_page(html: str) -> dict[str, bytes]:
    """What a browser might send of a page: all its forms together, each field as it stands, choices with the first."""
    values: dict[str, bytes] = {}
    for attributes, inside in re.findall(r"<(?:input|select|button|textarea)\b([^>]*)>([^<]*)", html):
        if name := re.search(r'\bname="([^"]+)"', attributes):
            value = re.search(r'\bvalue="([^"]*)"', attributes)
            values.setdefault(unescape(name[1]), unescape(value[1] if value else inside).encode())
    values.pop("csrfmiddlewaretoken", None)
    return values


def encoded(values: Iterable[tuple[str, bytes]]) -> str:
    return "&".join(f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}" for name, value in values)
