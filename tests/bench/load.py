"""Load generator for clicks, in its own process and event loop; standard library only.

`python -m tests.bench.load` reads a `Task` as JSON from standard input and prints the seconds that each
request took.
"""

import asyncio
import hashlib
import hmac
import json
import sys
import time
from collections.abc import Iterator

_LENGTH = b"content-length:"


def request(host: str, path: str, secret: str, body: str) -> bytes:
    """Build a whole HTTP request, signed as Slack signs."""
    moment = str(int(time.time()))
    signature = hmac.new(secret.encode(), f"v0:{moment}:{body}".encode(), hashlib.sha256).hexdigest()
    head = (
        f"POST {path} HTTP/1.1",
        f"Host: {host}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body.encode())}",
        f"X-Slack-Request-Timestamp: {moment}",
        f"X-Slack-Signature: v0={signature}",
    )
    return "\r\n".join((*head, "", body)).encode()


async def click(port: int, waiting: Iterator[bytes], took: list[float]) -> None:
    """Run one client: send one request after another over one connection, until none is left."""
    classifier, writer = await asyncio.open_connection("127.0.0.1", port)
    for asked in waiting:
        began = time.perf_counter()
        writer.write(asked)
        head = await classifier.readuntil(b"\r\n\r\n")
        length = next(
            int(line[len(_LENGTH) :]) for line in head.lower().split(b"\r\n") if line.startswith(_LENGTH)
        )
        await classifier.readexactly(length)
        took.append(time.perf_counter() - began)
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"a click was answered {head.splitlines()[0]!r}")
    writer.close()


async def main(task: dict[str, object]) -> list[float]:
    """Send all bodies from `clients` concurrent clients; returns the seconds of each."""
    port, bodies, clients = int(str(task["port"])), task["bodies"], int(str(task["clients"]))
    if not isinstance(bodies, list):
        raise TypeError("bodies must be a list")
    host = f"127.0.0.1:{port}"
    asked = [request(host, str(task["path"]), str(task["secret"]), body) for body in bodies]
    took: list[float] = []
    waiting = iter(asked)
    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(click(port, waiting, took))
    return took


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.load(sys.stdin)))))  # noqa: T201 - the result
