"""Injected faults as a real HTTP client sees them; none is logged."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from sandbox.app import new_app, serving
from sandbox.faults import Fault, Faults


@dataclass
class Counter:
    """A call that counts how often it took effect."""

    faults: Faults = field(default_factory=Faults)
    acts: int = 0
    address: str = ""

    async def act(self) -> web.StreamResponse:
        self.acts += 1
        return web.json_response({"acts": self.acts})

    async def handle(self, request: web.Request) -> web.StreamResponse:
        return await self.faults.guard("test:POST /count", request, self.act)


@pytest.fixture
async def counter() -> AsyncIterator[Counter]:
    counter = Counter()
    app = new_app()
    app.router.add_post("/count", counter.handle)
    async with serving(app) as address:
        counter.address = f"{address}/count"
        yield counter


async def call(counter: Counter) -> int:
    async with aiohttp.ClientSession() as session, session.post(counter.address, json={"a": 1}) as answer:
        await answer.read()
        return answer.status


async def test_without_a_fault_the_call_acts(counter: Counter) -> None:
    assert await call(counter) == 200
    assert counter.acts == 1


@pytest.mark.parametrize(("mode", "acts"), [("lost-before", 0), ("lost-after", 1)])
async def test_a_lost_answer_breaks_the_connection_quietly(
    counter: Counter, caplog: pytest.LogCaptureFixture, mode: str, acts: int
) -> None:
    caplog.set_level(logging.INFO)
    counter.faults.add(Fault("test:*", "lost-before" if mode == "lost-before" else "lost-after"))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await call(counter)
    assert counter.acts == acts
    assert await call(counter) == 200
    assert counter.acts == acts + 1
    assert caplog.records == []


async def test_a_kept_connection_that_is_cut_is_not_used_again(counter: Counter) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.post(counter.address) as answer:
            assert answer.status == 200
        counter.faults.add(Fault("test:*", "lost-after"))
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.post(counter.address)
        async with session.post(counter.address) as answer:
            assert await answer.json() == {"acts": 3}


async def test_many_lost_answers_leave_the_server_standing(counter: Counter) -> None:
    counter.faults.add(Fault("test:*", "lost-after", times=50))
    outcomes = await asyncio.gather(*(call(counter) for _ in range(50)), return_exceptions=True)
    assert all(isinstance(o, aiohttp.ClientConnectionError) for o in outcomes)
    assert counter.acts == 50
    assert await call(counter) == 200


async def test_slow_acts_late(counter: Counter) -> None:
    counter.faults.add(Fault("test:*", "slow", seconds=0.1))
    began = time.monotonic()
    assert await call(counter) == 200
    assert time.monotonic() - began >= 0.1


async def test_slow_acts_even_when_the_client_has_gone(counter: Counter) -> None:
    slow = counter.faults.add(Fault("test:*", "slow", seconds=0.1))
    impatient = asyncio.create_task(call(counter))
    async with asyncio.timeout(20):
        while slow.times:  # noqa: ASYNC110 - a fault sets no event
            await asyncio.sleep(0.01)
        impatient.cancel()
        assert counter.acts == 0
        while not counter.acts:  # noqa: ASYNC110 - nor does the counter
            await asyncio.sleep(0.01)
    assert impatient.cancelled()
    assert counter.acts == 1


async def test_a_status_is_answered_without_acting(counter: Counter) -> None:
    counter.faults.add(Fault("test:POST /*", "status", status=429, body="{}", headers={"Retry-After": "3"}))
    async with aiohttp.ClientSession() as session, session.post(counter.address) as answer:
        assert (answer.status, answer.headers["Retry-After"], await answer.json()) == (429, "3", {})
    assert counter.acts == 0


async def test_faults_are_used_in_order_and_run_out(counter: Counter) -> None:
    counter.faults.add(Fault("test:*", "status", times=2, status=500))
    counter.faults.add(Fault("test:*", "status", status=502))
    counter.faults.add(Fault("other:*", "status", status=503))
    assert [await call(counter) for _ in range(4)] == [500, 500, 502, 200]


async def test_a_negative_number_of_times_lasts_until_cleared(counter: Counter) -> None:
    counter.faults.add(Fault("test:*", "status", times=-1))
    assert [await call(counter) for _ in range(4)] == [503] * 4
    counter.faults.clear()
    assert await call(counter) == 200
