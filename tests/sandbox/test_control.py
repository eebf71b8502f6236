"""The control API, called from another process."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from sandbox.world import World, running


@dataclass
class Remote:
    """A world and a client of its control API."""

    world: World
    address: str
    http: aiohttp.ClientSession

    async def get(self, path: str) -> dict[str, Any]:
        async with self.http.get(f"{self.address}/control/{path}") as answer:
            return {"status": answer.status, **await answer.json()}

    async def post(self, path: str, body: object) -> dict[str, Any]:
        async with self.http.post(f"{self.address}/control/{path}", json=body) as answer:
            return {"status": answer.status, **await answer.json()}


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    world = World.create()
    async with running(world) as address, aiohttp.ClientSession() as http:
        yield Remote(world, address, http)


async def test_the_ledger_is_read_from_where_one_left_off(remote: Remote) -> None:
    for text in ("one", "two", "three"):
        remote.world.x.post(remote.world.x.brand, text)
    remote.world.ledger.record("slack", "chat.postMessage", text="four")
    found = await remote.get("ledger?after=1")
    assert ([e["detail"]["text"] for e in found["entries"]], found["last"]) == (["two", "three", "four"], 4)
    found = await remote.get("ledger?system=slack&call=chat.postMessage&after=0")
    assert [e["number"] for e in found["entries"]] == [4]
    assert (await remote.get("ledger?after=x"))["status"] == 400


async def test_faults_are_asked_for_and_taken_back(remote: Remote) -> None:
    fault = {
        "call": "x:GET /2/users/me",
        "mode": "status",
        "status": 418,
        "times": -1,
        "body": {"detail": "tea"},
    }
    assert (await remote.post("faults", fault))["ok"]
    async with remote.http.get(f"{remote.address}/x/2/users/me") as answer:
        assert (answer.status, await answer.json()) == (418, {"detail": "tea"})
    async with remote.http.delete(f"{remote.address}/control/faults") as answer:
        assert answer.status == 200
    async with remote.http.get(f"{remote.address}/x/2/users/me") as answer:
        assert answer.status == 401


async def test_the_model_is_told_to_misbehave(remote: Remote) -> None:
    await remote.post("model", {"manner": "refused", "times": 2})
    first = remote.world.model.next_behaviour()
    assert first is not None
    assert first.manner == "refused"
    await remote.post("model", {"manner": None})
    assert remote.world.model.next_behaviour() is None


async def test_a_replay_is_started_held_and_watched(remote: Remote) -> None:
    status = await remote.post("replay", {"set": "demo", "speed": 50, "paused": True})
    assert (status["set"], status["paused"], status["position"]) == ("demo", True, 0)
    await remote.post("replay", {"speed": 100_000, "paused": False})
    async with asyncio.timeout(30):
        while not (await remote.get("replay"))["finished"]:  # noqa: ASYNC110 - polled over HTTP
            await asyncio.sleep(0.02)


async def test_what_x_costs_and_allows_is_read_and_set(remote: Remote) -> None:
    state = await remote.post("x", {"credit": 0, "limits": {"POST /2/tweets": 2}, "self_serve": False})
    assert (state["credit"], state["limits"]["POST /2/tweets"], state["self_serve"]) == (0, 2, False)
    assert (await remote.post("x", {"credit": None}))["credit"] is None
    assert (await remote.get("x"))["spent"] == 0


async def test_a_flood_is_let_loose(remote: Remote) -> None:
    found = await remote.post("flood", {"count": 30, "authors": 3, "seed": 5})
    assert [p.id for p in remote.world.x.mentioning[remote.world.x.brand.id]] == found["ids"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", []),
        ("faults", {}),
        ("faults", {"call": "x:*", "mode": "angry"}),
        ("faults", {"call": "x:*", "mode": "slow", "colour": "red"}),
        ("faults", {"call": "x:*", "mode": "slow", "seconds": "soon"}),
        ("faults", {"call": "x:*", "mode": "status", "headers": ["a"]}),
        ("faults", {"call": "x:*", "mode": "status", "status": 9999}),
        ("replay", {"set": "no such set"}),
        ("replay", {"set": "../../pyproject"}),
        ("replay", {"speed": 0}),
        ("replay", {"speed": "fast"}),
        ("flood", {"count": 0}),
        ("flood", {"authors": "many"}),
        ("model", {"manner": "sulky"}),
        ("x", {"limits": {"GET /nothing": 1}}),
        ("x", {"credit": "much"}),
    ],
)
async def test_nonsense_is_answered_400(remote: Remote, path: str, body: object) -> None:
    answer = await remote.post(path, body)
    assert answer["status"] == 400
    assert answer["error"]
