"""The whole sandbox at one address: every client works with the variables of `environment`."""

import asyncio
import os
import signal
import sys
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp
import pytest
from openai import AsyncOpenAI
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.world import World, running
from tests.sandbox.x.clients import RedirectedTweepy

ROOT = Path(__file__).parents[2]


async def test_the_environment_is_all_that_the_clients_need() -> None:
    world = World.create()
    async with running(world) as address, aiohttp.ClientSession() as session:
        env = world.environment(address)
        keys = {
            k: env[f"X_{k.upper()}"]
            for k in ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
        }
        brand = (await RedirectedTweepy(env["X_API_URL"], session, **keys).get_me()).data
        assert brand.username == "acme"
        slack = AsyncWebClient(token=env["SLACK_BOT_TOKEN"], base_url=env["SLACK_API_URL"], session=session)
        assert (await slack.auth_test())["ok"]
        async with AsyncOpenAI(api_key=env["OPENAI_API_KEY"], base_url=env["OPENAI_BASE_URL"]) as model:
            assert [m.id async for m in model.models.list()] == [env["OPENAI_MODEL"]]


async def test_worlds_are_apart_and_stop_with_open_streams() -> None:
    one, two = World.create(), World.create()
    async with aiohttp.ClientSession() as session:
        async with running(one) as first, running(two) as second:
            assert first != second
            stream = await session.get(f"{first}/ui/x/events")
            one.x.post(one.x.brand, "only here")
            async with session.get(f"{second}/ui/x/timeline") as answer:
                assert (await answer.json())["posts"] == []
        await asyncio.wait_for(stream.read(), 20)


async def test_a_taken_port_is_an_error_that_says_so() -> None:
    async with running(World.create()) as address:
        port = int(address.rpartition(":")[2])
        with pytest.raises(OSError, match=str(port)):
            async with running(World.create(), port):
                pass


async def test_answers_are_dated_by_the_pretend_world() -> None:
    """A rate limit ends at a moment of the world's; whoever waits for it reckons from the answer's date."""
    world = World.create()
    world.clock.skip(86_400)
    async with running(world) as address, aiohttp.ClientSession(address) as session:
        for path in ("/2/users/me", "/"):
            async with session.get(path) as answer:
                dated = parsedate_to_datetime(answer.headers["Date"])
                assert len(answer.headers.getall("Date")) == 1
            assert abs((dated - world.clock.now()).total_seconds()) < 60


async def test_the_page_is_served() -> None:
    async with running(World.create()) as address, aiohttp.request("GET", f"{address}/") as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")


async def test_the_command_runs_alone_and_stops_when_told() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--port", "0", "--replay", "demo", "--speed", "100000",
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env={**os.environ},
    )  # fmt: skip
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
    address = line.split()[-1]
    async with aiohttp.ClientSession() as session:
        async with asyncio.timeout(60):
            while not await _finished(session, address):  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.05)
        async with session.get(f"{address}/control/ledger?system=x&call=create+post") as answer:
            assert len((await answer.json())["entries"]) > 150
    process.send_signal(signal.SIGTERM)
    _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, errors) == (0, b"")


async def _finished(session: aiohttp.ClientSession, address: str) -> bool:
    async with session.get(f"{address}/control/replay") as answer:
        return bool((await answer.json())["finished"])
