"""From a row to the bytes of a mail: greeting, content, why you get it, sender (R-INF-01, R-CMP-04, L-04, L-17)."""

import hashlib
import re
import secrets
from base64 import encodebytes
from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache, lru_cache
from pathlib import Path

from css_inline import CSSInliner
from django.conf import settings
from django.template import TemplateSyntaxError, loader
from django.utils import translation
from django.utils.html import escape

from contacts.choices import TextKind
from contacts.models import TextVersion
from i2a import files
from outbox import links
from outbox.models import Message, Reason
from outbox.services import digest
from outbox.smtp import wire_address
from outbox.unsubscribe import hash_of, headers_of, link_of, new_token
from outbox.why import LOCALES, why

TEMPLATES = ("outbox/mail.txt", "outbox/mail.html", "outbox/mail.css")
POLICY = SMTP.clone(cte_type="7bit")  # not every server takes 8-bit lines
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
# They stand in a skeleton for what differs from receiver to receiver; nobody can have typed them.
NAME, WHY, LINK = (f"{what}-{secrets.token_hex(16)}" for what in ["name", "why", "link"])
BOUNDARY, FILES_BOUNDARY = "=_i2a", "=_files"
PART = b'--=_i2a\r\nContent-Type: text/%s; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n%s\r\n'
END = b"--=_i2a--\r\n"
WORDS_OF_FILES = b'--=_files\r\nContent-Type: multipart/alternative; boundary="=_i2a"\r\n\r\n'
FILE = (
    b'--=_files\r\nContent-Type: application/pdf; name="%(name)s"\r\n'
    b'Content-Disposition: attachment; filename="%(name)s"\r\nContent-Transfer-Encoding: base64\r\n\r\n%(data)s\r\n'
)
END_OF_FILES = b"--=_files--\r\n"
INLINER = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


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
class Written:
    """What one person reads, with `LINK` where the way out of a promotion goes, and `links.PLACEHOLDER` where a link of
    their own does."""

    text: str
    html: str

    def with_links(self, *, way_out: str | None = None, own: str | None = None) -> "Written":
        text, html = self.text, self.html
        for place, link in [(LINK, way_out), (links.PLACEHOLDER, own)]:
            if link is not None:
                text, html = text.replace(place, link), html.replace(place, escape(link))
        return Written(text, html)


@dataclass(frozen=True)
class Rendered:
    """A mail ready to be handed over. `sha256` is of what the reader sees: language, subject, text, HTML and files; not
    the tokens of the links. `way_out` is the hash of that token, to be kept before the mail leaves; "" without a link.
    """

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

    :raises NotRenderable: its language has no texts in force, a template or a header is at fault, or a file is missing.
    """
    content, written = message.content, write(message, wordings)
    seen = written.with_links(way_out="")
    sha256 = digest(content.language, content.subject, seen.text, seen.html, *(one["sha256"] for one in content.files))
    ways_out, way_out = "", ""
    if message.is_promotional:
        token = new_token()
        link, ways_out, way_out = link_of(token), headers_of(token), hash_of(token)
        written = written.with_links(way_out=link)
    if links.has_link(message.purpose_key):
        written = written.with_links(own=_own_link(message))
    try:
        personal = (
            f"To: {to_header(wire_address(message.to_email))}\r\n"
            f"Date: {format_datetime(now)}\r\n"
            f"Message-ID: {message.message_id}\r\n{ways_out}"
        )
        common = _common_headers(content.language, content.subject, settings.DEFAULT_FROM_EMAIL, bool(content.files))
        parts = [_part("plain", written.text), _part("html", written.html), END]
        if content.files:
            parts = [WORDS_OF_FILES, *parts, *map(_file, content.files), END_OF_FILES]
    except (LookupError, ValueError, files.Missing) as error:
        raise NotRenderable from error
    return Rendered(b"".join([personal.encode("ascii"), common, *parts]), sha256, way_out)


def _own_link(message: Message) -> str:
    """:raises NotRenderable: nobody knows which one is theirs."""
    try:
        return links.link_of(message)
    except LookupError as error:
        raise NotRenderable from error


def shown(message: Message, wordings: dict[str, Wording]) -> Written:
    """For a preview: as they read it, but all links that are only theirs lead nowhere.

    :raises NotRenderable: as `write`.
    """
    own = links.SHOWN if links.has_link(message.purpose_key) else None
    return write(message, wordings).with_links(way_out=links.SHOWN, own=own)


def write(message: Message, wordings: dict[str, Wording]) -> Written:
    """What this person reads, also of a mail that is not queued yet.

    :raises NotRenderable: its language has no texts in force, or a template is at fault.
    """
    content = message.content
    wording = wordings.get(content.language)
    if wording is None:
        raise NoWording
    name = " ".join((message.contact.name or message.contact.name_latin).split())
    reason = why(message)
    words = (content.language, content.subject, content.text, content.html, wording.sender.body, wording.notice.body)
    try:
        text, html = skeleton(
            words, is_named=bool(name), has_reason=bool(reason), is_promotional=message.is_promotional
        )
    except (TemplateSyntaxError, LookupError, ValueError) as error:
        raise NotRenderable from error
    for token, said in [(NAME, name), (WHY, reason)]:
        text, html = text.replace(token, said), html.replace(token, escape(said))
    return Written(text, html)


@lru_cache(maxsize=64)
def skeleton(words: tuple[str, ...], *, is_named: bool, has_reason: bool, is_promotional: bool) -> tuple[str, str]:
    """Text and HTML with tokens for what differs from person to person.

    The templates are run once for each words, not for each person: writing a mail costs more than sending it.
    """
    language, subject, text, html, sender, notice = words
    context = {
        "content": {"language": language, "subject": subject, "text": text, "html": html},
        "name": NAME if is_named else "",
        "why": WHY if has_reason else "",
        "sender": sender.strip(),
        "sender_name": sender.strip().splitlines()[0].partition(",")[0],
        "notice": notice.strip(),
        "unsubscribe_url": LINK if is_promotional else "",
    }
    with translation.override(LOCALES[language]):
        plain = loader.render_to_string("outbox/mail.txt", context).strip() + "\n"
        styled = INLINER.inline(loader.render_to_string("outbox/mail.html", context))
    return plain, styled.strip() + "\n"


@lru_cache(maxsize=64)
def _common_headers(language: str, subject: str, from_address: str, has_files: bool) -> bytes:
    """The policy refuses a line break in any of these, and spells what is not ASCII as servers do."""
    kind, boundary = ("mixed", FILES_BOUNDARY) if has_files else ("alternative", BOUNDARY)
    mail = EmailMessage(policy=POLICY)
    mail["From"] = from_address
    mail["Subject"] = subject
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    mail["Content-Language"] = language
    mail["MIME-Version"] = "1.0"
    mail["Content-Type"] = f'multipart/{kind}; boundary="{boundary}"'
    return b"".join(POLICY.fold_binary(name, value) for name, value in mail.items()) + b"\r\n"


def _part(subtype: str, body: str) -> bytes:
    """Quoted-printable: seven bits, short lines, and `=_`, with which the boundary begins, cannot come up in it."""
    encoded = b2a_qp(body.replace("\r\n", "\n").encode("utf-8")).replace(b"\n", b"\r\n")
    return PART % (subtype.encode(), encoded)


def _file(file: dict[str, str]) -> bytes:
    """:raises Missing: its bytes are not on this machine."""
    data = encodebytes(files.read(file["sha256"])).replace(b"\n", b"\r\n")
    return FILE % {b"name": file["name"].encode("ascii"), b"data": data}


def to_header(address: str) -> str:
    """One receiver, no copies. Almost every address can be written as it is."""
    if PLAIN_ADDRESS.fullmatch(address):
        return address
    return str(POLICY.header_factory("To", address).fold(policy=POLICY)).removeprefix("To: ").strip()


@cache
def template_version() -> str:
    """Changes with every change of the templates around the content and of their styles."""
    sources = [Path(settings.BASE_DIR, "templates", name).read_text() for name in TEMPLATES]
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()[:12]
