"""Reading what mail servers send back: delivery status notifications (RFC 3464), and nothing else.

Out-of-office answers, read receipts, complaints, "delayed, still trying" and people's answers are no bounces. What
arrives here was written by strangers: anything may be malformed, and no malformed mail raises.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message as Mail
from email.parser import BytesParser
from email.policy import compat32
from typing import Any

LARGEST_READ = 1_000_000  # bytes; the status stands near the top, and what follows is our own mail
DEEPEST = 10
RECEIVER_HEADERS = ["To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"]
ADDRESS = re.compile(r"[^\s<>,;:\"()]{1,200}@[^\s<>,;:\"()]{1,253}")
STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
REPLY = re.compile(r"\b([45])\d\d\b")
ARRIVED = {"delivered", "relayed", "expanded"}


@dataclass(frozen=True)
class Report:
    """`addressed_to`: where the report was sent, in lower case. `status` as "5.1.1"; "" when nothing has failed."""

    addressed_to: tuple[str, ...]
    status: str

    @property
    def is_bounce(self) -> bool:
        return bool(self.status)

    @property
    def is_hard(self) -> bool:
        return self.status.startswith("5")


def read(raw: bytes) -> Report:
    """What a mail says about the fate of another one."""
    mail = BytesParser(policy=compat32).parsebytes(raw[:LARGEST_READ])
    try:
        return Report(tuple(_receivers(mail)), _status(mail))
    except (MessageError, LookupError, ValueError, TypeError, AttributeError, RecursionError):
        return Report((), "")  # the parser's own limits, with a mail that no server has written


def _receivers(mail: Mail) -> Iterator[str]:
    for name in RECEIVER_HEADERS:
        for value in mail.get_all(name, []):
            yield from (found.lower() for found in ADDRESS.findall(str(value)[:10_000]))


def _status(mail: Mail) -> str:
    blocks = [block for part in _parts(mail, DEEPEST) for block in _blocks(part)]
    actions = [(_field(block, "Action").lower(), block) for block in blocks]
    if any(action in ARRIVED for action, _block in actions):  # one address of several behind ours has it
        return ""
    return next((_status_of(block) for action, block in actions if action == "failed"), "")


def _parts(mail: Mail, depth: int) -> Iterator[Mail]:
    """The reports in a mail, also wrapped by a list server; not what is attached to it, which may be anything."""
    if mail.get_content_type() == "message/delivery-status":
        yield mail
    elif mail.get_content_maintype() == "multipart" and depth:
        for part in _inside(mail):
            yield from _parts(part, depth - 1)


def _inside(mail: Mail) -> list[Any]:
    payload = mail.get_payload()
    return payload if isinstance(payload, list) else []


def _blocks(part: Mail) -> list[Mail]:
    """A report is blocks of header lines: one about the mail, then one for each receiver."""
    blocks = _inside(part)
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding not in ("base64", "quoted-printable"):
        return blocks
    whole = Mail()  # some servers encode it, which the standard forbids and the parser does not expect
    whole["Content-Transfer-Encoding"] = encoding
    whole.set_payload("\n".join(str(block.get_payload()) for block in blocks))
    decoded = bytes(whole.get_payload(decode=True) or b"")
    return [BytesParser(policy=compat32).parsebytes(block) for block in re.split(rb"\r?\n\r?\n", decoded)]


def _status_of(block: Mail) -> str:
    """A failure without a readable status counts as one for good: the server has given up."""
    diagnostic = _field(block, "Diagnostic-Code")
    for text in [_field(block, "Status"), diagnostic]:
        found = STATUS.search(text)
        if found and found[1] != "2":
            return found[0]
    reply = REPLY.search(diagnostic)
    return f"{reply[1]}.0.0" if reply else "5.0.0"


def _field(block: Mail, name: str) -> str:
    return str(block.get(name, "")).strip()[:1000]
