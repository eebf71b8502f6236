"""A customer's browser with a live chat, at the level of HTTP requests."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from tests.handlers.web.chat.sites import Events

LINK = re.compile(r"http://127\.0\.0\.1:\d+/chat#\S+")
KEYS = iter(f"{number:032x}" for number in range(1, 1000))


class Phone:
    """The customer's browser."""

    def __init__(self, session: aiohttp.ClientSession, link: str) -> None:
        self.session = session
        self.page, _, self.token = link.partition("#")
        self.headers = {"Origin": self.page.removesuffix("/chat")}

    async def post(self, path: str, body: dict[str, object]) -> dict[str, object]:
        """Post a JSON body, which must be accepted; returns the response."""
        async with self.session.post(f"{self.page}/{path}", json=body, headers=self.headers) as answer:
            content: dict[str, object] = await answer.json()
            assert answer.status == 200, content
            return content

    async def open(self) -> None:
        """Open the chat by its link."""
        await self.post("link", {"token": self.token, "key": next(KEYS)})

    @asynccontextmanager
    async def events(self) -> AsyncIterator[Events]:
        """Yield the page's events from now on."""
        async with self.session.get(f"{self.page}/events", timeout=aiohttp.ClientTimeout()) as answer:
            yield Events(answer.content)
