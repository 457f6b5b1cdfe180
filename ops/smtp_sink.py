"""A mail server for demonstrations and tests: accepts every message and keeps each as one file; nothing leaves.

    python -m ops.smtp_sink --port 2525 --directory mail

The file holds the message as received, below two headers with the envelope: X-Envelope-From and X-Envelope-To. Its name
is the time (UTC) and a random part, so names sort by arrival. To try out refusals, write to an address that begins with
`perm550-` (refused for ever) or `temp451-` (refused for now).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import signal
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_MESSAGE = 32 * 1024 * 1024  # bytes
REFUSALS = {
    "perm550-": "550 5.1.1 No such mailbox (the address asks for this answer)",
    "temp451-": "451 4.3.0 Try again later (the address asks for this answer)",
}


class Keeper:
    """What aiosmtpd calls while a message comes in. The names are aiosmtpd's."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        for beginning, answer in REFUSALS.items():
            if address.lower().startswith(beginning):
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        try:
            keep(envelope, self.directory)
        except OSError:
            return "452 4.3.1 The message could not be stored"
        return "250 Message kept"


def keep(envelope: Envelope, directory: Path) -> Path:
    """Write one message. A reader never sees half of it: it gets its name when it is complete."""
    recipients = ", ".join(envelope.rcpt_tos)
    headers = f"X-Envelope-From: {envelope.mail_from or '<>'}\r\nX-Envelope-To: {recipients}\r\n"
    content = envelope.original_content or b""
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}"
    unfinished = directory / f".{name}"
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(headers.encode("utf-8", "surrogateescape") + content)
    return unfinished.rename(directory / f"{name}.eml")


async def serve(port: int, directory: Path) -> None:
    """Accept mail on the loopback address until SIGTERM or SIGINT."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)

    def connection() -> SMTP:
        keeper = Keeper(directory)
        return SMTP(keeper, hostname="localhost", enable_SMTPUTF8=True, data_size_limit=LARGEST_MESSAGE, loop=loop)

    server = await loop.create_server(connection, "127.0.0.1", port)
    async with server:
        print(f"mail sink on 127.0.0.1:{port}, messages in {directory}", flush=True)
        await ended.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ops.smtp_sink", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--directory", type=Path, required=True)
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.port, arguments.directory))


if __name__ == "__main__":
    main()
