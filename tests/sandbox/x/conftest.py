"""Serve the simulated X on a real port, with tweepy's own client."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

import aiohttp
import pytest
from multidict import CIMultiDictProxy
from yarl import URL

from sandbox.app import new_app, serving
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.x import Account, Post, XNetwork, add_routes
from tests.sandbox.x.clients import RedirectedTweepy


@dataclass
class X:
    """The network, its address, and a client of the brand."""

    network: XNetwork
    address: str
    client: RedirectedTweepy

    def author(self, username: str = "anaruiz") -> Account:
        return self.network.accounts.get(username, "Ana Ruiz", followers=1240)

    def mention(self, text: str = "@acme the app eats my payment", username: str = "anaruiz") -> Post:
        return self.network.post(self.author(username), text)

    async def send(
        self, method: Literal["GET", "POST", "DELETE"], path: str, body: bytes | None = None
    ) -> tuple[int, dict[str, Any], CIMultiDictProxy[str]]:
        """Send a request with the brand's signature but without tweepy's validation.

        Returns status, JSON and headers of the answer.
        """
        rebased = self.client.session
        url = f"{self.address}/x{path}"
        _, signed, _ = rebased.signer.sign(url, method)
        async with rebased.real.request(
            method, URL(url, encoded=True), data=BytesIO(body or b""), headers=signed
        ) as answer:
            return answer.status, await answer.json(), answer.headers

    def new_client(self, **keys: str) -> RedirectedTweepy:
        return RedirectedTweepy(f"{self.address}/x", self.client.session.real, **keys)


@pytest.fixture
async def x() -> AsyncIterator[X]:
    network = XNetwork(Ledger(), Faults())
    app = new_app()
    add_routes(app, network)
    async with serving(app) as address, aiohttp.ClientSession() as session:
        yield X(network, address, RedirectedTweepy(f"{address}/x", session))
