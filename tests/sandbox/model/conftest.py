"""Serve the simulated model on a real port, with OpenAI's own client."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from openai import AsyncOpenAI

from sandbox.app import new_app, serving
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.model import API_KEY, Model, add_routes


@dataclass
class Drafter:
    """The model, its address and a client without retries."""

    model: Model
    address: str
    client: AsyncOpenAI


@pytest.fixture
async def drafter() -> AsyncIterator[Drafter]:
    model = Model(Ledger(), Faults())
    app = new_app()
    add_routes(app, model)
    async with serving(app) as address:
        base = f"{address}/openai/v1"
        async with AsyncOpenAI(api_key=API_KEY, base_url=base, max_retries=0, timeout=30) as client:
            yield Drafter(model, base, client)
