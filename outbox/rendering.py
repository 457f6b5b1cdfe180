"""From a row to the bytes of a mail: greeting, content, sender, and the collection notice (R-INF-01, L-04, L-17)."""

import hashlib
import re
import secrets
from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache, lru_cache

from django.conf import settings
from django.template import TemplateSyntaxError, loader
from django.utils import translation
from django.utils.html import escape

from contacts.choices import TextKind
from contacts.models import TextVersion
from outbox.models import Message, Reason
from outbox.services import digest
from outbox.smtp import wire_address
from outbox.unsubscribe import hash_of, headers_of, link_of, new_token

TEMPLATES = ("outbox/mail.txt", "outbox/mail.html")
LOCALES = {"en": "en-ca", "fr": "fr-ca"}
POLICY = SMTP.clone(cte_type="7bit")  # not every server takes 8-bit lines
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
NAME = f"name-{secrets.token_hex(16)}"  # stands in a skeleton for the receiver's name; nobody can have typed it
LINK = f"link-{secrets.token_hex(16)}"  # stands there for the receiver's own way out
BOUNDARY = "=_i2a"
PART = b'--=_i2a\r\nContent-Type: text/%s; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n%s\r\n'
END = b"--=_i2a--\r\n"


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
    """A mail ready to be handed over. `sha256` is of what the reader sees: language, subject, text and HTML, but not the
    token of the link. `way_out` is the hash of that token, to be kept before the mail leaves; "" without a link."""

    content: bytes
    sha256: str
    way_out: str = ""


def wordings_in_force(now: datetime) -> dict[str, Wording]:
    """By language; a language that lacks one of the texts is missing."""
    kinds = {TextKind.SENDER_IDENTIFICATION: "sender", TextKind.COLLECTION_NOTICE: "notice"}
    found: dict[str, dict[str, TextVersion]] = {}
    for version in TextVersion.objects.filter(kind__in=list(kinds)).in_force(now):
        found.setdefault(version.language, {})[kinds[TextKind(version.kind)]] = version
    return {language: Wording(**texts) for language, texts in found.items() if len(texts) == len(kinds)}


def render(message: Message, wordings: dict[str, Wording], now: datetime) -> Rendered:
    """The whole mail to one person. Promotion gets a new way out each time; otherwise the same moment gives the same
    bytes.

    :raises NotRenderable: its language has no texts in force, or a template or a header is at fault.
    """
    content = message.content
    wording = wordings.get(content.language)
    if wording is None:
        raise NoWording
    name = " ".join((message.contact.name or message.contact.name_latin).split())
    words = (content.language, content.subject, content.text, content.html, wording.sender.body, wording.notice.body)
    try:
        frame = skeleton(*words, settings.DEFAULT_FROM_EMAIL, bool(name), message.is_promotional)
        return frame.filled(message, name, now)
    except (TemplateSyntaxError, LookupError, ValueError) as error:
        raise NotRenderable from error


@dataclass(frozen=True)
class Skeleton:
    """All that is the same for everybody who gets these words, with `NAME` and `LINK` where those go."""

    headers: bytes
    language: str
    subject: str
    text: str
    html: str

    def filled(self, message: Message, name: str, now: datetime) -> Rendered:
        text, html = self.text.replace(NAME, name), self.html.replace(NAME, escape(name))
        sha256 = digest(self.language, self.subject, text.replace(LINK, ""), html.replace(LINK, ""))
        ways_out, way_out = "", ""
        if message.is_promotional:
            token = new_token()
            link, ways_out, way_out = link_of(token), headers_of(token), hash_of(token)
            text, html = text.replace(LINK, link), html.replace(LINK, escape(link))
        personal = (
            f"To: {to_header(wire_address(message.to_email))}\r\n"
            f"Date: {format_datetime(now)}\r\n"
            f"Message-ID: {message.message_id}\r\n{ways_out}"
        )
        parts = [personal.encode("ascii"), self.headers, _part("plain", text), _part("html", html), END]
        return Rendered(b"".join(parts), sha256, way_out)


@lru_cache(maxsize=64)
def skeleton(
    language: str,
    subject: str,
    text: str,
    html: str,
    sender: str,
    notice: str,
    from_address: str,
    is_named: bool,
    is_promotional: bool,
) -> Skeleton:
    """The templates are run once for each words, not for each person: writing a mail costs more than sending it."""
    context = {
        "content": {"language": language, "subject": subject, "text": text, "html": html},
        "name": NAME if is_named else "",
        "sender": sender.strip(),
        "sender_name": sender.strip().splitlines()[0].partition(",")[0],
        "notice": notice.strip(),
        "unsubscribe_url": LINK if is_promotional else "",
    }
    with translation.override(LOCALES[language]):
        bodies = [loader.render_to_string(template, context).strip() + "\n" for template in TEMPLATES]
    return Skeleton(_common_headers(language, subject, from_address), language, subject, *bodies)


def _common_headers(language: str, subject: str, from_address: str) -> bytes:
    """The policy refuses a line break in any of these, and spells what is not ASCII as servers do."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = from_address
    mail["Subject"] = subject
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    mail["Content-Language"] = language
    mail["MIME-Version"] = "1.0"
    mail["Content-Type"] = f'multipart/alternative; boundary="{BOUNDARY}"'
    return b"".join(POLICY.fold_binary(name, value) for name, value in mail.items()) + b"\r\n"


def _part(subtype: str, body: str) -> bytes:
    """Quoted-printable: seven bits, short lines, and `=_`, with which the boundary begins, cannot come up in it."""
    encoded = b2a_qp(body.replace("\r\n", "\n").encode("utf-8")).replace(b"\n", b"\r\n")
    return PART % (subtype.encode(), encoded)


def to_header(address: str) -> str:
    """One receiver, no copies. Almost every address can be written as it is."""
    if PLAIN_ADDRESS.fullmatch(address):
        return address
    return str(POLICY.header_factory("To", address).fold(policy=POLICY)).removeprefix("To: ").strip()


@cache
def template_version() -> str:
    """Changes with every change of the two templates around the content."""
    sources = [(settings.BASE_DIR / "templates" / name).read_text() for name in TEMPLATES]
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()[:12]
