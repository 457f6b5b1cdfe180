"""A mail server that does as little as possible: it answers, counts and forgets.  python -m benchmarks.sink PORT"""

import asyncio
import socket
import sys

ANSWERS = {b"EHLO": b"250-sink\r\n250 8BITMIME\r\n", b"QUIT": b"221 bye\r\n"}


class Session(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.transport, self.rest, self.in_mail = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while True:
            end = b"\r\n.\r\n" if self.in_mail else b"\r\n"
            found, separator, rest = self.rest.partition(end)
            if not separator:
                return
            self.rest = rest
            self.answer(found[:4].upper())

    def answer(self, verb: bytes) -> None:
        if self.in_mail:
            self.in_mail = False
            self.transport.write(b"250 2.0.0 kept\r\n")
        elif verb == b"DATA":
            self.in_mail = True
            self.transport.write(b"354 go on\r\n")
        else:
            self.transport.write(ANSWERS.get(verb, b"250 ok\r\n"))


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Session, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
