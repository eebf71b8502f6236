"""The customer's side of a private conversation, for each venue, while the bot is killed repeatedly."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Protocol

import aiohttp

from sandbox.mail.post_office import text_of
from sandbox.x.messaging import SEND
from tests.handlers.web.chat.sites import Events
from tests.phone import KEYS, LINK, Phone
from tests.stories import SAM, SUPPORT, Story

ANA = "ana@example.com"
RETRY_SECONDS = 0.2
MESSAGE, MARK = "slack:chat.postMessage", "slack:reactions.add"


class Side(Protocol):
    """The customer at one venue.

    `moments` are the calls during which the bot is killed, `None` for a random moment.
    """

    moments: Sequence[str | None]

    async def enter_venue(self) -> str:
        """Move a case that is assigned to Sam to the venue; returns the card's ts."""
        ...

    async def write(self, text: str) -> None:
        """Send a message, with retries until it is accepted."""
        ...

    def received(self) -> list[str]:
        """Return the messages received from the bot, oldest first, duplicates included."""
        ...

    async def close(self) -> None:
        """Close open connections."""
        ...


@dataclass
class DirectSide:
    """A customer in direct messages on X."""

    story: Story
    moments: Sequence[str | None] = (f"x:{SEND}", "x:GET /2/dm_events", MESSAGE, f"x:{SEND}")

    async def enter_venue(self) -> str:
        self.story.customer_writes("@acme the app eats my payment")
        ts = await _claimed(self.story, "eats my payment")
        await self.write("It is me")
        await self.story.thread_shows(ts, "It is me")
        return ts

    async def write(self, text: str) -> None:
        network = self.story.world.x
        network.direct.receive(network.accounts.get("anaruiz", "Ana Ruiz"), text)

    def received(self) -> list[str]:
        network = self.story.world.x
        ana = network.accounts.get("anaruiz", "Ana Ruiz")
        return [message.text for message in network.direct.between(ana) if message.sender is not ana]

    async def close(self) -> None:
        return


@dataclass
class MailSide:
    """A customer with a mailbox."""

    story: Story
    moments: Sequence[str | None] = ("smtp:DATA", "imap:UID FETCH", MESSAGE, "smtp:DATA")

    async def enter_venue(self) -> str:
        await self.write("The app eats my payment")
        return await _claimed(self.story, "eats my payment")

    async def write(self, text: str) -> None:
        self.story.world.mail.write(ANA, text, name="Ana Ruiz", subject="Payment")

    def received(self) -> list[str]:
        kept = self.story.world.mail.mailbox(ANA).inbox.mails
        return [text_of(message_from_bytes(mail.content)).splitlines()[0] for mail in kept]

    async def close(self) -> None:
        return


@dataclass
class ChatSide:
    """A customer in a browser, with one event stream that reconnects."""

    story: Story
    moments: Sequence[str | None] = (None, MESSAGE, None, MARK)
    session: aiohttp.ClientSession = field(init=False)
    phone: Phone = field(init=False)
    _received: list[str] = field(default_factory=list)
    _listener: asyncio.Task[None] | None = None

    async def enter_venue(self) -> str:
        story, slack = self.story, self.story.world.slack
        story.customer_writes("@acme the app eats my payment")
        ts = await _claimed(story, "eats my payment")
        await slack.press(SAM, SUPPORT, ts, "case.move")
        view = await story.form(SAM)
        await slack.press_in_view(SAM, view["id"], "move.venue", "chat")
        await slack.submit(SAM, view["id"], {})
        [line] = await story.until(story.our_posts, "the link in public")
        found = LINK.search(line)
        assert found is not None
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.phone = Phone(self.session, found[0])
        await self.phone.open()
        self._listener = asyncio.create_task(self._listen())
        await story.card_shows(ts, "rrived")
        return ts

    async def write(self, text: str) -> None:
        key = next(KEYS)
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                await self.phone.post("messages", {"key": key, "text": text})
                return
            await asyncio.sleep(RETRY_SECONDS)

    def received(self) -> list[str]:
        return self._received

    async def close(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            await self.session.close()

    async def _listen(self) -> None:
        last = 0
        while True:
            with contextlib.suppress(aiohttp.ClientError, EOFError):
                url = f"{self.phone.page}/events"
                headers = {"Last-Event-ID": str(last)}
                async with self.session.get(
                    url, headers=headers, timeout=aiohttp.ClientTimeout(sock_read=30)
                ) as answer:
                    events = Events(answer.content)
                    while True:
                        line = await events.next("message")
                        last = int(line["id"])
                        if line["from_agent"] and line["venue"] == "chat":
                            self._received.append(line["text"])
                            await self.phone.post("seen", {"id": last})
            await asyncio.sleep(RETRY_SECONDS)


SIDES: dict[str, Callable[[Story], Side]] = {"dm": DirectSide, "email": MailSide, "chat": ChatSide}


async def _claimed(story: Story, words: str) -> str:
    ts = str((await story.card(words))["ts"])
    await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")
    await story.card_shows(ts, "has it")
    return ts
