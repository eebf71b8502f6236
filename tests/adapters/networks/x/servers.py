"""Two things for X's adapter to talk to over real HTTP: the pretend X, and a server that answers whatever a test says."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from adapters.networks.x import Keys, X
from domain.accounts import Account
from sandbox.app import new_app, serving
from sandbox.faults import Faults, abort_connection
from sandbox.ledger import Ledger
from sandbox.x import XNetwork, add_routes
from tests.source import ROOT

PAYLOADS = ROOT / "tests" / "payloads" / "x"
ACME = Account(network="x", id="90000001", handle="acme", name="Acme")
KEYS = Keys("sandbox-consumer", "sandbox-consumer-secret", "90000001-sandbox-access", "sandbox-access-secret")
SECRETS = (KEYS.consumer_secret, KEYS.access_token_secret, KEYS.access_token, KEYS.consumer_key)


class SystemClock:
    """The machine's own time, `ahead` seconds off."""

    def __init__(self, ahead: float = 0.0) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return datetime.fromtimestamp(datetime.now(UTC).timestamp() + self.ahead, UTC)


def payload(name: str) -> str:
    """A captured answer of X."""
    return (PAYLOADS / name).read_text(encoding="utf-8")


@dataclass
class Said:
    """One answer: with `body`, after `seconds`, or none at all where `lost`."""

    body: str = "{}"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    seconds: float = 0.0
    lost: bool = False


@dataclass
class Script:
    """Answers in order; the last one again and again. Keeps what was asked."""

    answers: list[Said]
    asked: list[web.Request] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        with contextlib.suppress(ValueError):
            self.bodies.append(await request.json() if request.can_read_body else None)
        said = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        await asyncio.sleep(said.seconds)
        if said.lost:
            return abort_connection(request)
        return web.Response(
            text=said.body, status=said.status, headers=said.headers, content_type=said.content_type
        )


@asynccontextmanager
async def adapter_at(address: str, *, total_seconds: float = 5, ahead: float = 0.0) -> AsyncIterator[X]:
    """The adapter, pointed at an address."""
    x = X(base_url=address, keys=KEYS, clock=SystemClock(ahead), total_seconds=total_seconds)
    try:
        yield x
    finally:
        await x.close()


@asynccontextmanager
async def scripted(
    *answers: Said, total_seconds: float = 5, ahead: float = 0.0
) -> AsyncIterator[tuple[X, Script]]:
    """The adapter against a server that gives these answers."""
    script = Script(list(answers))
    app = web.Application()
    app.router.add_route("*", "/base/{any:.*}", script.handle)
    async with (
        serving(app) as where,
        adapter_at(f"{where}/base", total_seconds=total_seconds, ahead=ahead) as x,
    ):
        yield x, script


@asynccontextmanager
async def pretended(network: XNetwork | None = None) -> AsyncIterator[tuple[X, XNetwork]]:
    """The adapter against the pretend X."""
    network = network or XNetwork(Ledger(), Faults())
    app = new_app()
    add_routes(app, network)
    async with serving(app) as where, adapter_at(f"{where}/x") as x:
        yield x, network
