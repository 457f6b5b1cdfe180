"""The only module that talks SMTP.

Everything up to DATA can be undone, an answer after it is an outcome, and no answer after the final dot is one too:
nobody can know. The message is therefore written here and not by smtplib, so that a connection that breaks before the
final dot is known as "not accepted".
"""

import logging
import re
import select
import smtplib  # noqa: TID251 - the one place
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr
from enum import Enum
from functools import lru_cache
from typing import Self

from django.conf import settings

from outbox.models import SenderHealth

logger = logging.getLogger(__name__)

ENHANCED = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})\b")
ABOUT_THE_ADDRESS = {"550", "551", "553"}  # where the server gives no enhanced code


class Unreachable(Exception):
    """No connection: nothing was said about any mail. The text is a code, never personal."""

    trouble = SenderHealth.Trouble.UNREACHABLE


class NotConfigured(Unreachable):
    """The settings name no mail server."""

    trouble = SenderHealth.Trouble.NOT_CONFIGURED


class SignInRefused(Unreachable):
    """The server is there, and does not take our user name or password."""

    trouble = SenderHealth.Trouble.SIGN_IN_REFUSED


class Outcome(Enum):
    ACCEPTED = "accepted"
    LATER = "later"  # certainly not accepted; the server, or we, will try again
    REFUSED = "refused"
    UNKNOWN = "unknown"  # the final dot was sent, and then nothing came


@dataclass(frozen=True)
class Answer:
    """What became of one offer. `code` is the reply with its enhanced code, "250" or "550 5.1.1"; empty without one."""

    outcome: Outcome
    code: str = ""
    blames_address: bool = False
    is_cut: bool = False


class MailServer:
    """A connection to the mail server of the settings, reused from mail to mail and renewed when it broke."""

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
        self.hang_up()

    def connect(self) -> None:
        """Be connected and signed in.

        :raises Unreachable: the server does not answer, or does not let us in.
        """
        if self._smtp is not None:
            return
        if not settings.EMAIL_HOST:
            raise NotConfigured("no EMAIL_URL")
        try:
            self._smtp = _open()
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            raise SignInRefused(type(error).__name__) from error
        except smtplib.SMTPResponseException as error:
            raise Unreachable(f"answer {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(type(error).__name__) from error

    def hang_up(self) -> None:
        """End the connection without a word: the next mail gets a new one."""
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None

    def offer(self, *, sender: str, recipient: str) -> Answer | None:
        """Announce one mail to one recipient. None: the server is willing; go on with `transmit` or `withdraw`.

        :raises Unreachable: there is no server to offer it to.
        """
        try:
            code, text = self._begin(sender)
            if code != 250:
                # A refused sender is a fault of ours, not of the mail: it waits until somebody has mended the settings.
                return self._not_now(code, text)
            code, text = self._connected.docmd("RCPT", f"TO:<{wire_address(recipient)}>")
        except UnicodeError:
            self.withdraw()
            return Answer(Outcome.REFUSED, blames_address=True)
        except (smtplib.SMTPException, OSError):
            self.hang_up()
            return Answer(Outcome.LATER, is_cut=True)
        if code in (250, 251):
            return None
        if code >= 500:
            self.withdraw()
            return Answer(Outcome.REFUSED, reply_code(code, text), blames_address=blames_address(code, text))
        return self._not_now(code, text)

    def withdraw(self) -> None:
        """Take an offer back."""
        try:
            self._connected.rset()
        except (smtplib.SMTPException, OSError):
            self.hang_up()

    def transmit(self, content: bytes, *, may_end: Callable[[], bool] = lambda: True) -> Answer:
        """Hand over the mail that was offered. `content` has headers and body.

        `may_end` is asked just before the final dot; if not, the connection is dropped and nothing was accepted.
        """
        try:
            code, text = self._connected.docmd("DATA")
            if code != 354:
                return self._declined(code, text)
            self._write(content)
            early = self._early_reply()
        except (smtplib.SMTPException, OSError):
            self.hang_up()
            return Answer(Outcome.LATER, is_cut=True)
        if early is not None:
            return early
        if not may_end():
            self.hang_up()
            return Answer(Outcome.LATER, is_cut=True)
        return self._finish()

    def _write(self, content: bytes) -> None:
        """Everything but the final dot."""
        lines = b"\n" + content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n")
        wire = lines.replace(b"\n.", b"\n..").replace(b"\n", b"\r\n")
        self._socket.sendall(wire.removeprefix(b"\r\n") + b"\r\n")

    def _early_reply(self) -> Answer | None:
        """What the server says before the final dot: it has given up on this mail, and the dot is never sent."""
        if isinstance(self._socket, ssl.SSLSocket) or not select.select([self._socket], [], [], 0)[0]:
            return None  # over TLS, bytes that arrive need not be a reply
        answer = self._declined(*self._connected.getreply())
        self.hang_up()
        return answer

    def _finish(self) -> Answer:
        try:
            self._socket.sendall(b".\r\n")
            code, text = self._connected.getreply()
        except ConnectionError:  # raised by `sendall` only: our own side knew the connection gone, the dot never left
            self.hang_up()
            return Answer(Outcome.LATER, is_cut=True)
        except (smtplib.SMTPException, OSError):
            self.hang_up()
            return Answer(Outcome.UNKNOWN)
        if 200 <= code < 300:
            return Answer(Outcome.ACCEPTED, reply_code(code, text))
        if code < 0:  # not an SMTP reply
            self.hang_up()
            return Answer(Outcome.UNKNOWN)
        return self._declined(code, text)

    def _declined(self, code: int, text: bytes) -> Answer:
        if code == 421:
            self.hang_up()
        return Answer(Outcome.REFUSED if code >= 500 else Outcome.LATER, reply_code(code, text))

    def _begin(self, sender: str) -> tuple[int, bytes]:
        """MAIL, once more on a new connection if the old one had gone stale."""
        reused = self._smtp is not None
        self.connect()
        try:
            code, text = self._connected.docmd("MAIL", f"FROM:<{sender}>")
        except (smtplib.SMTPException, OSError):
            if not reused:
                raise
            code, text = 421, b""
        if code == 421 and reused:
            self.hang_up()
            self.connect()
            code, text = self._connected.docmd("MAIL", f"FROM:<{sender}>")
        return code, text

    def _not_now(self, code: int, text: bytes) -> Answer:
        self.hang_up() if code == 421 else self.withdraw()
        return Answer(Outcome.LATER, reply_code(code, text))

    @property
    def _connected(self) -> smtplib.SMTP:
        if self._smtp is None:
            raise smtplib.SMTPServerDisconnected
        return self._smtp

    @property
    def _socket(self) -> socket.socket:
        if self._connected.sock is None:
            raise smtplib.SMTPServerDisconnected
        return self._connected.sock


def _open() -> smtplib.SMTP:
    """A new connection, greeted, encrypted and signed in as the settings say."""
    where = {"host": settings.EMAIL_HOST, "port": settings.EMAIL_PORT, "timeout": settings.EMAIL_TIMEOUT}
    # Reading the machine's certificates takes longer than sending a hundred mails.
    context = ssl.create_default_context() if settings.EMAIL_USE_SSL or settings.EMAIL_USE_TLS else None
    make: Callable[..., smtplib.SMTP] = smtplib.SMTP
    if settings.EMAIL_USE_SSL:
        make, where["context"] = smtplib.SMTP_SSL, context
    smtp = make(local_hostname=sender_domain(), **where)
    try:
        if settings.EMAIL_USE_TLS:
            smtp.starttls(context=context)
        if settings.EMAIL_HOST_USER:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        smtp.ehlo_or_helo_if_needed()
        if smtp.sock:  # body and final dot are two writes: without this the second waits for an acknowledgement
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        smtp.close()
        raise
    return smtp


def sender_address() -> str:
    """The bare address of DEFAULT_FROM_EMAIL: the envelope sender."""
    return bare_address(settings.DEFAULT_FROM_EMAIL)


@lru_cache
def bare_address(address: str) -> str:
    return parseaddr(address)[1]


def sender_domain() -> str:
    return sender_address().rpartition("@")[2] or "localhost"


def wire_address(address: str) -> str:
    """As mail servers spell it: a domain with letters outside ASCII as `xn--…`.

    :raises UnicodeError: there is no such spelling.
    """
    local, _at, domain = address.rpartition("@")
    return b"@".join([local.encode("ascii"), domain.encode("idna")]).decode("ascii")


def reply_code(code: int, text: bytes) -> str:
    """Only the numbers: a server's words often repeat the address."""
    enhanced = ENHANCED.match(text)
    return f"{code} {enhanced[1].decode()}"[:16] if enhanced else str(code)


def blames_address(code: int, text: bytes) -> bool:
    """Whether a refused recipient means that the address is wrong; a full mailbox or a server's policy does not."""
    enhanced = ENHANCED.match(text)
    if enhanced is None:
        return str(code) in ABOUT_THE_ADDRESS
    return enhanced[1].startswith(b"5.1.") or enhanced[1] == b"5.2.1"
