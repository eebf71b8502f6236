"""Load generator for chats, in its own process: time each message until it appears in the chat's stream.

`python -m tests.bench.chat_load` reads a task as JSON, prints a line once all chats are open, waits for a
line, and prints the seconds that each message took, as JSON.
"""

import asyncio
import json
import secrets
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp

PATIENCE = 60.0


@dataclass
class Chat:
    """One customer's chat: messages sent, and messages received from the stream."""

    session: aiohttp.ClientSession
    address: str
    headers: dict[str, str]
    pending: dict[str, asyncio.Future[float]] = field(default_factory=dict)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        """Record when each line arrives."""
        url = f"{self.address}/chat/events"
        async with self.session.get(url, headers=self.headers, timeout=aiohttp.ClientTimeout()) as answer:
            answer.raise_for_status()
            event = ""
            async for raw in answer.content:
                now = time.perf_counter()
                name, _, value = raw.decode().rstrip("\n").partition(": ")
                if name == "event":
                    event = value
                elif name == "data" and event == "message":
                    future = self.pending.pop(json.loads(value).get("key", ""), None)
                    if future is not None:
                        future.set_result(now)
                elif name == "data" and event == "state":
                    self.opened.set()

    async def say(self) -> float:
        """Send a message; returns the seconds until it appears in the stream."""
        key = secrets.token_hex(16)
        arrived = self.pending[key] = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        body = {"key": key, "text": "It is still the same, and I have tried twice"}
        async with self.session.post(
            f"{self.address}/chat/messages", json=body, headers=self.headers
        ) as answer:
            answer.raise_for_status()
        async with asyncio.timeout(PATIENCE):
            at: float = await arrived
        return at - began


async def open_chat(address: str, token: str, number: int) -> Chat:
    """Open a chat by its link, from an IP address of its own, as customers do."""
    headers = {"Origin": address}
    own = aiohttp.TCPConnector(local_addr=(f"127.0.{number // 250}.{number % 250 + 1}", 0))
    session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), connector=own)
    body = {"token": token, "key": secrets.token_hex(16)}
    async with session.post(f"{address}/chat/link", json=body, headers=headers) as answer:
        answer.raise_for_status()
    return Chat(session, address, headers)


async def load(task: dict[str, Any]) -> list[float]:
    """Open all chats, then send messages at an even rate, each in another chat.

    A message is sent whether or not those before it have arrived (open loop).
    """
    chats = [await open_chat(task["address"], token, n) for n, token in enumerate(task["tokens"])]
    listening = [asyncio.create_task(chat.listen()) for chat in chats]
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(chat.opened.wait() for chat in chats))
    print("open", flush=True)  # noqa: T201 - the benchmark waits for it
    await asyncio.to_thread(sys.stdin.readline)
    began, sending = time.monotonic(), []
    for number in range(task["messages"]):
        await asyncio.sleep(began + number / task["a_second"] - time.monotonic())
        sending.append(asyncio.create_task(chats[number % len(chats)].say()))
    took = list(await asyncio.gather(*sending))
    for one in listening:
        one.cancel()
    for chat in chats:
        await chat.session.close()
    return took


if __name__ == "__main__":
    print(json.dumps(asyncio.run(load(json.loads(sys.stdin.readline())))))  # noqa: T201
