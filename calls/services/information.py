"""The mail with what a caller asked for (R-INF-01): words only from the library, nothing promotional, no name."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from calls.models import DocumentVersion
from contacts.choices import Language
from outbox.models import Content
from outbox.services import make_content


def content_of(documents: Iterable[DocumentVersion], *, language: str) -> Content:
    """One section per document, in the order of the library."""
    versions = list(documents)
    with override(f"{language}-ca"):
        subject = _("The information you asked for")
        return make_content(
            language=Language(language), subject=subject, text=text_of(versions), html=html_of(versions)
        )


def text_of(versions: list[DocumentVersion]) -> str:
    sections = [
        "\n\n".join(filter(None, [version.document.title.upper(), version.body, version.url])) for version in versions
    ]
    return "\n\n\n".join(sections)


def html_of(versions: list[DocumentVersion]) -> str:
    sections = (
        (
            version.document.language,
            version.document.title,
            mark_safe(linebreaks(version.body, autoescape=True)),  # noqa: S308  (linebreaks has escaped it)
            format_html('<p><a href="{0}">{0}</a></p>', version.url) if version.url else "",
        )
        for version in versions
    )
    return format_html_join("\n", '<div lang="{}"><h2>{}</h2>{}{}</div>', sections)
