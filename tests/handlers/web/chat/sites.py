"""Serve the chat over HTTP on a store, without a team chat; and HTTP clients like customers' browsers."""

import asyncio
import io
import json
import secrets
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import aiohttp
from starlette.routing import BaseRoute

from adapters.chat import ChatLinks
from adapters.prompts.sentences import load_sentences
from domain.cases.case import Case
from domain.cases.messages import Message
from domain.handoffs.handoff import Handoff, HandoffState
from domain.intake.posts import Author
from domain.office_hours import OfficeHours, office_hours
from domain.triage.form_of_address import DEFAULT_FORMS
from domain.venues import Venue
from handlers.cases.assignment import claim
from handlers.desk import Desk
from handlers.replies.private import PrivateReply, send_private_reply
from handlers.web.app import web_app
from handlers.web.chat.context import Appearance, Chat
from handlers.web.chat.rate_limits import Rates
from handlers.web.chat.routes import chat_routes
from handlers.web.server import WebServer
from storage.engine import Store
from tests.handlers.context import RULES, NotUsed, a_context
from tests.handlers.made import ANA, POLICY, SAM, a_stored_case, do, networks
from tests.source import ROOT

ALWAYS_OPEN = office_hours([], "UTC")
HIGH_RATES = Rates(links="999/minute", messages="999/minute", files="999/minute", receipts="999/minute")
TIMEOUT_SECONDS = 20.0
Json = dict[str, Any]


@dataclass
class Clock:
    """A clock that is fixed at `moment` until a test changes it."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


def this_moment() -> Clock:
    """Return a clock fixed at the present."""
    return Clock(datetime.now(UTC))


def a_free_port() -> int:
    """Return a port that is not in use."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


@dataclass
class Site:
    """A served chat with its store and clock."""

    store: Store
    chat: Chat
    server: WebServer
    clock: Clock
    agents: "Agents"

    @property
    def address(self) -> str:
        return self.server.address

    def offer(self, case: Case, **changes: Any) -> Handoff:  # noqa: ANN401 - any of the fields
        """Store an offer of a chat for this case."""
        now = self.clock.now()
        offered = Handoff(
            id=0,
            case_id=case.id,
            venue=Venue.CHAT,
            state=HandoffState.OFFERED,
            offered_at=now,
            offered_by=SAM,
            expires_at=now + timedelta(hours=24),
            nonce=secrets.token_hex(8),
            code=f"{secrets.randbelow(10**6):06}",
        )
        with self.store.unit_of_work() as uow:
            return uow.handoffs.add(replace(offered, **changes))

    def a_case(self, author: Author = ANA) -> Case:
        """Store a case of this author's, claimed by Sam."""
        case = a_stored_case(self.store, author=author, now=self.clock.now() - timedelta(minutes=1))
        return do(self.store, claim, case_id=case.id, user_id=SAM, now=self.clock.now())

    def link(self, handoff: Handoff) -> str:
        """Return the link of the hand-off."""
        return self.chat.links.link(handoff.nonce)

    async def agent_writes(self, handoff: Handoff, text: str) -> Message:
        """Send a private reply as Sam."""
        said = PrivateReply(case_id=handoff.case_id, user_id=SAM, text=text, client_key=secrets.token_hex(8))
        message = await self.chat.ctx.desk.run(
            send_private_reply, said, rules=RULES, networks=networks(), now=self.clock.now()
        )
        assert isinstance(message, Message)
        return message

    def handoff(self, handoff: Handoff) -> Handoff:
        """Load the hand-off."""
        with self.store.unit_of_work() as uow:
            return uow.handoffs.get(handoff.id)


class Browser:
    """An HTTP client with the cookies and headers of a browser."""

    def __init__(self, site: Site, origin: str | None = "") -> None:
        self.site = site
        self.origin = site.address if origin == "" else origin
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.key = secrets.token_hex(16)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()

    @property
    def cookie(self) -> str:
        return next((one.value for one in self.session.cookie_jar), "")

    async def get(self, path: str, **more: Any) -> tuple[int, Any]:  # noqa: ANN401 - as aiohttp takes them
        """Send a GET request; return the status, and the JSON or text."""
        async with self.session.get(f"{self.site.address}/chat{path}", **more) as answer:
            return answer.status, await _content(answer)

    async def post(self, path: str, body: object = None, **more: Any) -> tuple[int, Any]:  # noqa: ANN401
        """Send a POST request; return the status, and the JSON or text."""
        headers = {"Origin": self.origin} if self.origin is not None else {}
        sent: Json = {"json": body} if body is not None else {}
        headers |= more.pop("headers", {})
        async with self.session.post(
            f"{self.site.address}/chat{path}", headers=headers, **sent, **more
        ) as answer:
            return answer.status, await _content(answer)

    async def open(self, link: str) -> tuple[int, Any]:
        """Exchange the link's token for a cookie."""
        return await self.post("/link", {"token": link.partition("#")[2], "key": self.key})

    async def history(self) -> Json:
        """Load what the page shows first."""
        status, told = await self.get("/history")
        assert status == 200, told
        shown: Json = told
        return shown

    async def write(self, text: str, key: str | None = None) -> Json:
        """Send a message."""
        status, told = await self.post("/messages", {"key": key or secrets.token_hex(16), "text": text})
        assert status == 200, told
        sent: Json = told
        return sent

    async def send_file(self, content: bytes, name: str = "a.png") -> tuple[int, Any]:
        """Send a file."""
        return await self.post(
            f"/uploads?key={secrets.token_hex(16)}",
            params={"name": name},
            data=io.BytesIO(content),
            headers={"Content-Type": "application/octet-stream"},
        )

    @asynccontextmanager
    async def events(self, after: int = 0, last_event_id: str | None = None) -> AsyncIterator["Events"]:
        """Subscribe to the events after this message id."""
        headers = {"Last-Event-ID": last_event_id} if last_event_id is not None else {}
        url = f"{self.site.address}/chat/events?after={after}"
        async with self.session.get(url, headers=headers, timeout=aiohttp.ClientTimeout()) as answer:
            assert answer.status == 200, await answer.text()
            yield Events(answer.content)


@dataclass
class Events:
    """Parse server-sent events."""

    content: aiohttp.StreamReader

    async def next(self, kind: str) -> Json:
        """Return the next event of this kind, skipping others."""
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while True:
                name, data = await self._event()
                if name == kind:
                    return data

    async def next_messages(self, count: int) -> list[Json]:
        """Return the next `count` messages."""
        return [await self.next("message") for _ in range(count)]

    async def _event(self) -> tuple[str, Json]:
        fields: dict[str, str] = {}
        while (line := (await self.content.readline()).decode().rstrip("\r\n")) or not fields:
            if not line and self.content.at_eof():
                raise EOFError
            name, _, value = line.partition(": ")
            fields[name] = value
        return fields.get("event", ""), json.loads(fields.get("data", "{}")) | (
            {"event_id": fields["id"]} if "id" in fields else {}
        )


@asynccontextmanager
async def served(
    store: Store,
    *,
    rates: Rates = HIGH_RATES,
    hours: OfficeHours = ALWAYS_OPEN,
    desk: Desk | None = None,
    port: int | None = None,
    public_url: str | None = None,
    colour: str = "#0f766e",
    mails: bool = False,
    brand: str = POLICY.brand,
    names: Mapping[str, str] | None = None,
    **appearance: Any,  # noqa: ANN401 - any of its fields
) -> AsyncIterator[Site]:
    """Serve the chat on a store while the block runs; its desk closes the store."""
    port = port or a_free_port()
    desk, clock, agents = desk or Desk(store), this_moment(), Agents(names or {SAM: "Sam"})
    links = ChatLinks(public_url=public_url or f"http://127.0.0.1:{port}", secret_key="s" * 40)
    ctx = a_context(
        desk,
        clock=clock,
        policy=replace(POLICY, brand=brand),
        directory=agents,
        email=NotUsed() if mails else None,
    )
    chat = Chat(
        ctx=ctx,
        links=links,
        sentences=load_sentences(ROOT / "prompts" / "chat", DEFAULT_FORMS),
        appearance=Appearance(colour=colour, hours=hours, **appearance),
        rates=rates,
    )
    chat.subscribe()
    routes: list[BaseRoute] = chat_routes(chat)
    server = WebServer(web_app(None, routes), "127.0.0.1", port)
    await server.start()
    try:
        yield Site(store, chat, server, clock, agents)
    finally:
        chat.close()
        await server.stop()
        desk.close()


class Agents:
    """A directory of these first names, by user id. Everybody is present, except who is in `absent`.

    Where there is a `fault`, nobody can be looked up.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self.absent: set[str] = set()
        self.fault: Exception | None = None
        self.answers = asyncio.Event()
        self.answers.set()

    async def first_name(self, user_id: str) -> str:
        return self._names.get(user_id, "")

    async def is_present(self, user_id: str) -> bool:
        await self.answers.wait()
        if self.fault is not None:
            raise self.fault
        return user_id not in self.absent


async def _content(answer: aiohttp.ClientResponse) -> Any:  # noqa: ANN401 - JSON, or text
    return await answer.json() if answer.content_type == "application/json" else await answer.text()
