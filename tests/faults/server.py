"""A mail server that misbehaves by a seed and keeps a ledger of what it really accepted.

    python -m tests.faults.server PORT SEED LEDGER

One line per mail in LEDGER: what became of it, when, for whom, its Message-ID. Some receivers are refused for ever and
some answers to RCPT are "later"; of the mails, some sessions end without an answer: most after the mail was kept, some
after it was thrown away, some before its end, and a few stay open and say nothing.
"""

import asyncio
import random
import re
import sys
import time
import zlib
from pathlib import Path

REFUSED, LATER = 0.05, 0.05
# The 2 % without an answer, by what had happened: kept, thrown away, cut before the end, kept and then silent.
ENDS = [("kept, no answer", 0.01), ("lost, no answer", 0.0045), ("cut", 0.0045), ("kept, silent", 0.001)]
MESSAGE_ID = re.compile(rb"(?im)^Message-ID:\s*(\S+)")


class Ledger:
    def __init__(self, path: Path, seed: int) -> None:
        self.file = path.open("a", buffering=1)
        self.random = random.Random(seed)
        self.seed = seed

    def write(self, what: str, receiver: str, content: bytes = b"") -> None:
        found = MESSAGE_ID.search(content)
        print(f"{what}\t{time.time():.6f}\t{receiver}\t{found[1].decode() if found else ''}", file=self.file)

    def is_refused_for_ever(self, receiver: str) -> bool:
        return zlib.crc32(f"{self.seed} {receiver}".encode()) % 1000 < REFUSED * 1000

    def end_of_mail(self) -> str:
        drawn = self.random.random()
        for end, share in ENDS:
            if drawn < share:
                return end
            drawn -= share
        return "accepted"


async def session(ledger: Ledger, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await converse(ledger, reader, writer)
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def converse(ledger: Ledger, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    receiver = ""
    writer.write(b"220 ready\r\n")
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"QUIT":
            writer.write(b"221 bye\r\n")
            return
        if verb == b"RCPT":
            receiver = line[line.index(b"<") + 1 : line.index(b">")].decode()
            writer.write(answer_to_rcpt(ledger, receiver))
        elif verb == b"DATA":
            if not await take_mail(ledger, reader, writer, receiver):
                return
        else:
            writer.write(b"250 ok\r\n")


def answer_to_rcpt(ledger: Ledger, receiver: str) -> bytes:
    if ledger.is_refused_for_ever(receiver):
        return b"550 5.1.1 no such mailbox\r\n"
    if ledger.random.random() < LATER:
        return b"451 4.3.0 later\r\n"
    return b"250 ok\r\n"


async def take_mail(ledger: Ledger, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, receiver: str) -> bool:
    """Whether the session goes on."""
    end = ledger.end_of_mail()
    writer.write(b"354 go on\r\n")
    if end == "cut":
        await reader.readline()
        ledger.write(end, receiver)
        return False
    content = await reader.readuntil(b"\r\n.\r\n")
    ledger.write(end, receiver, content)
    if end == "kept, silent":
        await asyncio.sleep(60)
    if end != "accepted":
        return False
    writer.write(b"250 2.0.0 kept\r\n")
    return True


async def main(port: int, seed: int, path: Path) -> None:
    ledger = Ledger(path, seed)
    server = await asyncio.start_server(lambda r, w: session(ledger, r, w), "127.0.0.1", port, limit=2**20)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
