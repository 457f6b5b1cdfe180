"""A mailbox that speaks as much IMAP as `outbox.mailbox` does."""

import re
import socketserver
import threading


class Mailbox:
    """`mails` by number, with the flags of each; `password` lets in."""

    def __init__(self) -> None:
        self.mails: dict[int, bytes] = {}
        self.flags: dict[int, set[str]] = {}
        self.password = "secret"
        self.drops_at = ""  # a command at which the connection ends without a word

    def put(self, mail: bytes) -> int:
        uid = max(self.mails, default=0) + 1
        self.mails[uid], self.flags[uid] = mail, set()
        return uid


class Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.say("* OK ready")
        while line := self.rfile.readline().decode().strip():
            tag, _space, command = line.partition(" ")
            name = command.removeprefix("UID ").split()[0].upper()
            if name == self.mailbox.drops_at:
                return
            self.say(f"{tag} {getattr(self, f'do_{name.lower()}')(command)}")

    @property
    def mailbox(self) -> Mailbox:
        return self.server.mailbox  # type: ignore[attr-defined]

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def do_capability(self, command: str) -> str:
        self.say("* CAPABILITY IMAP4rev1")
        return "OK done"

    def do_login(self, command: str) -> str:
        return "OK in" if command.split()[-1].strip('"') == self.mailbox.password else "NO wrong password"

    def do_select(self, command: str) -> str:
        if command.split()[-1] != '"INBOX"':
            return "NO no such folder"
        self.say(f"* {len(self.mailbox.mails)} EXISTS")
        return "OK selected"

    def do_search(self, command: str) -> str:
        unseen = [str(uid) for uid, flags in self.mailbox.flags.items() if not flags]
        self.say(f"* SEARCH {' '.join(unseen)}".strip())
        return "OK done"

    def do_fetch(self, command: str) -> str:
        uid, size = map(int, re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", command).groups())
        content = self.mailbox.mails[uid][:size]
        self.wfile.write(b"* 1 FETCH (UID %d BODY[]<0> {%d}\r\n%b)\r\n" % (uid, len(content), content))
        return "OK done"

    def do_store(self, command: str) -> str:
        uid, flag = re.fullmatch(r"UID STORE (\d+) \+FLAGS \((\S+)\)", command).groups()
        self.mailbox.flags[int(uid)].add(flag)
        return "OK done"

    def do_expunge(self, command: str) -> str:
        for uid in [uid for uid, flags in self.mailbox.flags.items() if "\\Deleted" in flags]:
            del self.mailbox.mails[uid], self.mailbox.flags[uid]
        return "OK done"

    def do_logout(self, command: str) -> str:
        self.say("* BYE")
        return "OK out"


class ImapDouble(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.mailbox = Mailbox()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"imap://bounces:secret@127.0.0.1:{self.server_address[1]}/INBOX"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is part of the tests."""

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
