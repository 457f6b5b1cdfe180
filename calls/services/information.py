"""The mail with what a caller asked for (R-INF-01): words only from the library, nothing promotional, no name."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.template.defaultfilters import linebreaks_filter
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from access.models import User
from calls.models import DocumentVersion, SentDocument
from contacts.choices import Language
from contacts.models import Contact
from outbox.models import Content, Message
from outbox.services import make_content, new_content, queue_information

MOST_DOCUMENTS = 10
LARGEST_MAIL = 10 * 1024 * 1024  # of files; with them encoded and the words, most mail servers still take it
DUE_FOR_REVIEW = gettext_lazy("This document is due for review and cannot be sent.")
FOUND_WRONG = gettext_lazy("This document was found to be wrong and cannot be sent before there is a new version.")
TOO_MANY = gettext_lazy("Choose at most 10 documents.")
TOO_LARGE = gettext_lazy("These PDFs have more than 10 MB together. Send them in two e-mails.")


def faults_of(versions: Iterable[DocumentVersion], today: Any) -> list[str]:
    """Why these cannot be sent together, in words; empty: they can."""
    versions = list(versions)
    faults = {
        str(TOO_MANY): len(versions) > MOST_DOCUMENTS,
        str(DUE_FOR_REVIEW): any(version.is_due_for_review(today) for version in versions),
        str(FOUND_WRONG): any(version.wrong_at for version in versions),
        str(TOO_LARGE): sum(version.file_size or 0 for version in versions) > LARGEST_MAIL,
    }
    return [fault for fault, is_so in faults.items() if is_so]


@transaction.atomic
def send_documents(
    *,
    contact: Contact,
    versions: Iterable[DocumentVersion],
    language: str,
    purpose_key: str,
    not_before: datetime,
    by: User,
    now: datetime,
) -> Message:
    """One mail with all of them to the client's own address, and a line of the ledger for each.

    :raises InformationRefused: the client has no address, or one that does not work.
    """
    versions = list(versions)
    content = make_content(**words_of(versions, language=language))
    message = queue_information(
        contact=contact, content=content, purpose_key=purpose_key, not_before=not_before, by=by, now=now
    )
    write_ledger(message, versions)
    return message


def write_ledger(message: Message, versions: Iterable[DocumentVersion]) -> None:
    for version in versions:
        SentDocument.objects.create(message=message, version=version, at=message.created_at)


def preview_of(contact: Contact, versions: Iterable[DocumentVersion], *, language: str) -> Message:
    """The message as it would be queued; nothing is stored."""
    content = new_content(**words_of(list(versions), language=language))
    return Message(kind=Message.Kind.INFORMATION, contact=contact, to_email=contact.email, content=content)


def content_of(documents: Iterable[DocumentVersion], *, language: str) -> Content:
    return make_content(**words_of(list(documents), language=language))


def words_of(versions: list[DocumentVersion], *, language: str) -> dict[str, Any]:
    """One section per document, in the order they come in, as `make_content` takes them."""
    with override(f"{language}-ca"):
        return {
            "language": Language(language),
            "subject": _("The information you asked for"),
            "text": "\n\n\n".join(map(section_text, versions)),
            "html": format_html_join("\n", "{}", ((section_html(version),) for version in versions)),
            "holds": [name_of(version) for version in versions],
            "files": [file_of(version) for version in versions if version.file_sha256],
        }


def name_of(version: DocumentVersion) -> str:
    """As in "Work permits, step by step (English, version 2)"."""
    return _("%(title)s (%(language)s, version %(number)d)") % {
        "title": version.document.title,
        "language": version.document.get_language_display(),
        "number": version.number,
    }


def file_of(version: DocumentVersion) -> dict[str, Any]:
    name = f"{version.file_name.removesuffix('.pdf')}-{version.document.language}.pdf"
    return {"name": name, "sha256": version.file_sha256, "size": version.file_size}


def section_text(version: DocumentVersion) -> str:
    title = version.document.title
    attached = _("The PDF is attached: %(name)s") % file_of(version) if version.file_sha256 else ""
    return "\n\n".join(filter(None, [f"{title}\n{'=' * min(len(title), 72)}", version.body, version.url, attached]))


def section_html(version: DocumentVersion) -> SafeString:
    attached = _("The PDF is attached: %(name)s") % file_of(version) if version.file_sha256 else ""
    return format_html(
        '<div lang="{}"><h2>{}</h2>{}{}</div>{}',
        version.document.language,
        version.document.title,
        linebreaks_filter(version.body),
        format_html('<p><a href="{0}">{0}</a></p>', version.url) if version.url else "",
        format_html("<p>{}</p>", attached) if attached else "",
    )
