"""Servers for X's adapter over HTTP: the sandbox's X, and one with scripted responses."""

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
    """The system clock, `ahead` seconds off."""

    def __init__(self, ahead: float = 0.0) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return datetime.fromtimestamp(datetime.now(UTC).timestamp() + self.ahead, UTC)


def payload(name: str) -> str:
    """Return a captured response of X."""
    return (PAYLOADS / name).read_text(encoding="utf-8")


@dataclass
class Answer:
    """A response with `body` after `seconds`, or a dropped connection where `lost`."""

    body: str = "{}"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    seconds: float = 0.0
    lost: bool = False


@dataclass
class AnswerScript:
    """Respond in order, repeating the last response; record the requests and their JSON bodies."""

    answers: list[Answer]
    requests: list[web.Request] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
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
    """Create the adapter for a base URL; close it after the block."""
    x = X(base_url=address, keys=KEYS, clock=SystemClock(ahead), total_seconds=total_seconds)
    try:
        yield x
    finally:
        await x.close()


@asynccontextmanager
async def scripted_x(
    *answers: Answer, total_seconds: float = 5, ahead: float = 0.0
) -> AsyncIterator[tuple[X, AnswerScript]]:
    """Create the adapter against a server with these responses."""
    script = AnswerScript(list(answers))
    app = web.Application()
    app.router.add_route("*", "/base/{any:.*}", script.handle)
    async with (
        serving(app) as where,
        adapter_at(f"{where}/base", total_seconds=total_seconds, ahead=ahead) as x,
    ):
        yield x, script


@asynccontextmanager
async def sandbox_x(network: XNetwork | None = None) -> AsyncIterator[tuple[X, XNetwork]]:
    """Create the adapter against the sandbox's X."""
    network = network or XNetwork(Ledger(), Faults())
    app = new_app()
    add_routes(app, network)
    async with serving(app) as where, adapter_at(f"{where}/x") as x:
        yield x, network
