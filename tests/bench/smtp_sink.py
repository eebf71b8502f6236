"""Serve a mail server that takes everything and keeps nothing but the recipients, in a process of its own.

`python -m tests.bench.smtp_sink` prints its port and serves until it is killed. The command XCOUNT returns
the number of mails and of different recipients.
"""

import asyncio


class _Sink(asyncio.Protocol):
    """One connection. `taken` and `recipients` are those of all connections."""

    def __init__(self, taken: list[int], recipients: set[bytes]) -> None:
        self._taken = taken
        self._recipients = recipients
        self._recipient = b""
        self._buffer = b""
        self._in_content = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while True:
            end = b"\r\n.\r\n" if self._in_content else b"\r\n"
            line, found, rest = self._buffer.partition(end)
            if not found:
                return
            self._buffer = rest
            self._answer_content() if self._in_content else self._answer(line)

    def _answer_content(self) -> None:
        self._in_content = False
        self._taken[0] += 1
        self._recipients.add(self._recipient)
        self._transport.write(b"250 taken\r\n")

    def _answer(self, line: bytes) -> None:
        match line[:4].upper():
            case b"EHLO":
                self._transport.write(b"250-sink\r\n250 8BITMIME\r\n")
            case b"RCPT":
                self._recipient = line
                self._transport.write(b"250 ok\r\n")
            case b"DATA":
                self._in_content = True
                self._transport.write(b"354 go on\r\n")
            case b"XCOU":
                self._transport.write(f"250 {self._taken[0]} {len(self._recipients)}\r\n".encode())
            case b"QUIT":
                self._transport.write(b"221 bye\r\n")
                self._transport.close()
            case _:
                self._transport.write(b"250 ok\r\n")


async def serve() -> None:
    """Serve until the process is killed."""
    taken, recipients = [0], set[bytes]()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Sink(taken, recipients), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - read by the benchmark
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
