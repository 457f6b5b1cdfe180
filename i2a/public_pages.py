"""What pages for everybody have in common: no sign-in, no cookie; the language and a secret stand behind the "?", where
access logs leave them out, and go to no other site."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from i2a.language import is_french

LOCALES = {"en": "en-ca", "fr": "fr-ca"}


def language_of(request: HttpRequest, otherwise: str = "") -> str:
    """Chosen on the page; else that of what it is about; else the browser's."""
    asked = request.GET.get("lang", "")
    if asked in LOCALES:
        return asked
    return otherwise if otherwise in LOCALES else (translation.get_language() or "en")[:2]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    with translation.override(LOCALES[language]):
        yield


def sealed(response: HttpResponse, language: str) -> HttpResponse:
    response["Content-Language"] = LOCALES[language]
    response["Referrer-Policy"] = "no-referrer"
    return response


def switch(request: HttpRequest) -> dict[str, str]:
    """The same page in the other language, with the same secret."""
    other, label = ("en", "English") if is_french() else ("fr", "Français")
    query, here = request.GET.copy(), request.GET.copy()
    query["lang"] = other
    return {
        "other_language": other,
        "other_label": label,
        "other_url": f"?{query.urlencode()}",
        "action": f"?{here.urlencode()}",
    }
