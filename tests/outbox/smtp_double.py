"""A mail server that does what a test tells it: refuse, drop the connection, or keep silent, at any step."""

import re
import socket
import socketserver
import struct
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

DROP = "drop"  # end the connection without a word
STEPS = ["connect", "ehlo", "mail", "rcpt", "data", "body", "dot"]
POSITIVE = {"connect": "220 ready", "data": "354 go on"}


@dataclass
class Received:
    sender: str
    recipients: list[str]
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        return BytesParser(policy=default).parsebytes(self.content)


@dataclass
class Script:
    """`answers[step]` is used up answer by answer; then all is well.

    `silence` stops the server before its answer to the dot until the test lets it go on.
    """

    answers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    received: list[Received] = field(default_factory=list)  # what it answered 250 to, or kept before it fell silent
    connections: int = 0
    silence: threading.Event | None = None
    commands: list[str] = field(default_factory=list)

    def next(self, step: str) -> str:
        left = self.answers[step]
        return left.pop(0) if left else POSITIVE.get(step, "250 OK")


class Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        script: Script = self.server.script  # type: ignore[attr-defined]
        script.connections += 1
        sender, recipients = "", []
        try:
            self.say(script.next("connect"))
            while line := self.rfile.readline():
                script.commands.append(command := line.decode().rstrip())
                verb = command[:4].lower()
                if verb == "quit":
                    return self.say("221 bye")
                if verb == "data":
                    if self.say(script.next("data")).startswith("354"):
                        self.take_mail(script, sender, recipients)
                    continue
                answer = self.say(script.next(verb))
                if verb == "mail":
                    sender, recipients = re.search(r"<(.*)>", command)[1], []
                if verb == "rcpt" and answer.startswith("250"):
                    recipients.append(re.search(r"<(.*)>", command)[1])
        except (Dropped, ConnectionError):
            pass

    def say(self, answer: str) -> str:
        if answer == DROP:
            self.drop()
        self.wfile.write(answer.encode() + b"\r\n")
        return answer

    def drop(self) -> None:
        """With a reset, so that the other side notices at its next byte."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        raise Dropped

    def take_mail(self, script: Script, sender: str, recipients: list[str]) -> None:
        if script.next("body") == DROP:
            self.rfile.read(100)
            self.drop()
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise Dropped
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        answer = script.next("dot")
        if answer == DROP or answer.startswith("250"):
            script.received.append(Received(sender, recipients, b"".join(lines)))
        if script.silence is not None:
            script.silence.wait(30)
        self.say(answer)


class Dropped(Exception):
    pass


class MailServerDouble(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Session)
        self.script = Script()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is part of the tests."""

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
