"""Reading what the demonstration's mail sink has kept: one file per mail, with the envelope in two headers on top."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

LARGEST_SHOWN = 200_000  # characters of one part


@dataclass(frozen=True)
class SinkMail:
    """`headers` are the lines as they came; `html` is the source of the HTML part; `files` are names and sizes."""

    name: str
    received_at: datetime
    envelope_from: str
    envelope_to: str
    message_id: str
    subject: str
    headers: str
    text: str
    html: str
    files: list[tuple[str, int]]


def newest_mails(directory: str, limit: int) -> list[SinkMail]:
    """Newest first. An empty list if there is no directory; a file that goes away meanwhile is left out."""
    if not directory:
        return []
    files = sorted(Path(directory).glob("*.eml"), reverse=True)[:limit]  # names sort by arrival
    return list(_readable(files))


def count_mails(directory: str) -> int:
    return sum(1 for _file in Path(directory).glob("*.eml")) if directory else 0


def _readable(files: Iterable[Path]) -> Iterable[SinkMail]:
    for file in files:
        try:
            yield read_file(file)
        except FileNotFoundError:
            continue


def mail_called(directory: str, name: str) -> SinkMail:
    """:raises FileNotFoundError: the sink has none of this name."""
    known = {file.stem: file for file in Path(directory).glob("*.eml")} if directory else {}
    if name not in known:
        raise FileNotFoundError(name)
    return read_file(known[name])


def read_file(file: Path) -> SinkMail:
    return read_mail(file.read_bytes(), datetime.fromtimestamp(file.stat().st_mtime, UTC), file.stem)


def read_mail(raw: bytes, received_at: datetime, name: str = "") -> SinkMail:
    mail = BytesParser(policy=default).parsebytes(raw)
    head, _separator, _body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    assert isinstance(mail, EmailMessage)
    return SinkMail(
        name=name,
        received_at=received_at,
        envelope_from=str(mail.get("X-Envelope-From", "")),
        envelope_to=str(mail.get("X-Envelope-To", "")),
        message_id=str(mail.get("Message-ID", "")),
        subject=str(mail.get("Subject", "")),
        headers=head.decode("utf-8", "replace"),
        text=_part(mail, "plain"),
        html=_part(mail, "html"),
        files=[(part.get_filename("?"), len(part.get_payload(decode=True) or b"")) for part in mail.iter_attachments()],
    )


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body([kind])
    if part is None:
        return ""
    content = part.get_payload(decode=True)
    text = content.decode(_charset(part), "replace") if isinstance(content, bytes) else ""
    return text.replace("\r\n", "\n")[:LARGEST_SHOWN]


def _charset(part: MIMEPart) -> str:
    charset = part.get_content_charset("utf-8")
    try:
        "".encode(charset)
    except LookupError:
        return "utf-8"
    return charset
