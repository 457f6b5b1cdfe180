"""From a row to the bytes of a mail: greeting, content, sender, and the collection notice (R-INF-01, L-04, L-17)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache

from django.conf import settings
from django.template import TemplateSyntaxError, loader
from django.utils import translation

from contacts.choices import TextKind
from contacts.models import TextVersion
from outbox.models import Message, Reason
from outbox.services import digest
from outbox.smtp import wire_address

TEMPLATES = ("outbox/mail.txt", "outbox/mail.html")
LOCALES = {"en": "en-ca", "fr": "fr-ca"}
POLICY = SMTP.clone(cte_type="7bit")  # not every server takes 8-bit lines


class NotRenderable(Exception):
    """The mail cannot be written, and the mail server is not to blame."""

    reason = Reason.NOT_RENDERABLE


class NoWording(NotRenderable):
    """No sender identification or no collection notice is in force in this language: nothing may leave without them."""

    reason = Reason.NO_WORDING


@dataclass(frozen=True)
class Wording:
    """The texts that every mail carries, in one language."""

    sender: TextVersion
    notice: TextVersion


@dataclass(frozen=True)
class Rendered:
    """A mail ready to be handed over. `sha256` is of what the reader sees: language, subject, text and HTML."""

    content: bytes
    sha256: str


def wordings_in_force(now: datetime) -> dict[str, Wording]:
    """By language; a language that lacks one of the texts is missing."""
    kinds = {TextKind.SENDER_IDENTIFICATION: "sender", TextKind.COLLECTION_NOTICE: "notice"}
    found: dict[str, dict[str, TextVersion]] = {}
    for version in TextVersion.objects.filter(kind__in=list(kinds)).in_force(now):
        found.setdefault(version.language, {})[kinds[TextKind(version.kind)]] = version
    return {language: Wording(**texts) for language, texts in found.items() if len(texts) == len(kinds)}


def render(message: Message, wordings: dict[str, Wording], now: datetime) -> Rendered:
    """The whole mail to one person, the same bytes for the same moment.

    :raises NotRenderable: its language has no texts in force, or a template or a header is at fault.
    """
    wording = wordings.get(message.content.language)
    if wording is None:
        raise NoWording
    try:
        return _written(message, wording, now)
    except (TemplateSyntaxError, LookupError, ValueError) as error:
        raise NotRenderable from error


def _written(message: Message, wording: Wording, now: datetime) -> Rendered:
    content = message.content
    sender = wording.sender.body.strip()
    context = {
        "content": content,
        "name": " ".join((message.contact.name or message.contact.name_latin).split()),
        "sender": sender,
        "sender_name": sender.splitlines()[0].partition(",")[0],
        "notice": wording.notice.body.strip(),
    }
    with translation.override(LOCALES[content.language]):
        text, html = (loader.render_to_string(name, context).strip() + "\n" for name in TEMPLATES)
    mail = _envelope(message, now)
    mail.set_content(text)
    mail.make_alternative(boundary=f"=_{message.uid.hex}")
    mail.add_alternative(html, subtype="html")
    mail["Content-Language"] = content.language  # last: setting a content drops the headers about content
    return Rendered(mail.as_bytes(), digest(content.language, content.subject, text, html))


def _envelope(message: Message, now: datetime) -> EmailMessage:
    """One receiver, no copies; the policy refuses a line break in any of these."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = settings.DEFAULT_FROM_EMAIL
    mail["To"] = wire_address(message.to_email)
    mail["Subject"] = message.content.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message.message_id
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    return mail


@cache
def template_version() -> str:
    """Changes with every change of the two templates around the content."""
    sources = [(settings.BASE_DIR / "templates" / name).read_text() for name in TEMPLATES]
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()[:12]
