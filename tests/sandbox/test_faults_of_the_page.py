"""What the page's menu lets go wrong, and what it counts after a kill."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.app import new_app, serving
from sandbox.bot_ui import add_routes as add_bot_routes
from sandbox.evidence import evidence
from sandbox.fault_menu import NAMED, FaultMenu, add_routes
from sandbox.world import World


@pytest.fixture
def world() -> World:
    return World.create()


@pytest.fixture
async def page(world: World) -> AsyncIterator[aiohttp.ClientSession]:
    app = new_app()
    add_routes(app, FaultMenu(world.faults, world.slack, world.clock))
    add_bot_routes(app, world)
    async with serving(app) as address, aiohttp.ClientSession(address) as session:
        yield session


@pytest.mark.parametrize("name", [one.name for one in NAMED])
async def test_each_fault_is_switched_on_and_off(page: aiohttp.ClientSession, name: str) -> None:
    for on in (True, False):
        async with page.post("/ui/faults", json={"name": name, "on": on}) as answer:
            listed = (await answer.json())["faults"]
        assert {one["name"] for one in listed if one["on"]} == ({name} if on else set())


async def test_a_fault_happens_at_the_call_that_it_is_about(
    page: aiohttp.ClientSession, world: World
) -> None:
    for name in ("lost-answer", "closed-messages", "archived-channel"):
        await page.post("/ui/faults", json={"name": name, "on": True})
    lost = world.faults.next_fault("x:POST /2/tweets")
    closed = world.faults.next_fault("x:POST /2/dm_conversations/with/:participant_id/messages")
    assert lost is not None
    assert lost.mode == "lost-after"
    assert closed is not None
    assert closed.status == 403
    assert world.faults.next_fault("x:POST /2/tweets") is None, "it is lost once"
    assert world.slack.channel("C0SUPPORT").is_archived


async def test_a_person_is_deactivated_and_activated_again(page: aiohttp.ClientSession, world: World) -> None:
    for on in (True, False):
        await page.post("/ui/faults", json={"name": "deactivated-person", "on": on})
        assert world.slack.user("U0KAI").as_json(with_email=False)["deleted"] is on


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/ui/faults", {"name": "none", "on": True}),
        ("/ui/faults", []),
        ("/ui/bot", {"act": "dance"}),
        ("/ui/bot", 7),
    ],
)
async def test_what_it_does_not_know_is_refused(page: aiohttp.ClientSession, path: str, body: object) -> None:
    async with page.post(path, json=body) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]


async def test_without_a_bot_of_its_own_there_is_none_to_kill(page: aiohttp.ClientSession) -> None:
    async with page.post("/ui/bot", json={"act": "kill"}) as answer:
        assert answer.status == 409
    async with page.get("/ui/bot?evidence") as answer:
        assert await answer.json() == {
            "connected": False,
            "run": {},
            "ahead": 0.0,
            "evidence": {"mentions": 0, "shown": 0, "twice": 0},
        }


def test_mentions_without_a_link_in_slack_and_what_was_sent_twice_are_counted(world: World) -> None:
    ana = world.x.accounts.get("anaruiz")
    shown, missing, edited = (world.x.post(ana, f"@acme {word}") for word in ("one", "two", "three"))
    version = world.x.edit(edited.id, "@acme three, again")
    world.x.post(world.x.brand, "@acme is ours")
    for post in (shown, version):
        link = {"text": f"<https://x.com/anaruiz/status/{post.id}|View on X>"}
        world.ledger.record(
            "slack", "chat.postMessage", channel="C1", thread_ts=None, metadata=None, blocks=[link]
        )
    assert evidence(world.ledger, world.x, 0) == {"mentions": 3, "shown": 2, "twice": 0}
    assert evidence(world.ledger, world.x, world.clock() + 1)["mentions"] == 0
    mark = {"event_payload": {"token": "7.0"}}
    for thread in (None, "1.2", "1.2"):
        world.ledger.record("slack", "chat.postMessage", channel="C1", thread_ts=thread, metadata=mark)
    for _ in range(2):
        world.ledger.record("x", "POST /2/tweets", text="Sorry", in_reply_to=missing.id)
        world.ledger.record("mail", "sent", message_id="a@b")
    assert evidence(world.ledger, world.x, 0)["twice"] == 3
