"""Replays of sets of mentions, and floods."""

import asyncio
import time

import pytest

from sandbox import mentions
from sandbox.faults import Faults
from sandbox.flood import flood, flood_for
from sandbox.ledger import Ledger
from sandbox.replay import Replay, play_at_once
from sandbox.x import XNetwork
from sandbox.x.api_facts import TWEETS, versions
from sandbox.x.fields import RequestedFields
from sandbox.x.render import tweet

ALL_FIELDS = RequestedFields(
    frozenset(versions()[TWEETS].values("GET /2/tweets", "tweet.fields")), frozenset(), frozenset()
)


@pytest.fixture
def network() -> XNetwork:
    return XNetwork(Ledger(), Faults())


def test_the_demo_set_plays_to_its_end(network: XNetwork) -> None:
    entries = mentions.read("demo")
    posted = play_at_once(network, entries)
    assert set(posted) == {entry["id"] for entry in entries}
    for entry in entries:
        post = network.posts[posted[entry["id"]]]
        assert (post.author is network.brand) == bool(entry.get("from_brand"))
        assert post.deleted == ("deleted_at" in entry)
        assert len(post.history) == 1 + len(entry.get("edits", ()))
        for field, value in (
            ("reply_to", post.reply_to),
            ("quotes", post.quotes),
            ("retweets", post.retweets),
        ):
            target = entry.get(field)
            assert value == target or network.posts[str(value)].original_id == posted[str(target)]
    assert len(network.mentioning[network.brand.id]) > 150


@pytest.mark.parametrize("name", ["demo", "odd"])
def test_every_post_of_the_sets_can_be_shown(network: XNetwork, name: str) -> None:
    play_at_once(network, mentions.read(name))
    for post in network.posts.values():
        shown = tweet(post, ALL_FIELDS, network.posts, network.accounts)
        assert shown["id"] == post.id


def _entries() -> list[dict[str, object]]:
    ana = {"username": "ana", "name": "Ana", "followers": 3}
    return [
        {"id": "a", "at": 0, "author": ana, "text": "@acme one", "edits": [{"at": 20, "text": "@acme 1"}]},
        {"id": "b", "at": 10, "author": ana, "text": "@acme two", "reply_to": "a", "deleted_at": 30},
        {"id": "c", "at": 10_000, "author": ana, "text": "@acme three"},
    ]


async def test_a_replay_keeps_time_pauses_and_changes_speed(
    network: XNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mentions, "read", lambda _: _entries())
    replay = Replay(network)
    await replay.start("small", speed=20)
    while (status := replay.status())["done"] < 2:  # noqa: ASYNC110 - a replay sets no event
        await asyncio.sleep(0.01)
    assert (status["steps"], status["position"] >= 10, status["finished"]) == (5, True, False)
    replay.adjust(paused=True)
    await asyncio.sleep(0)
    held = replay.status()["position"]
    await asyncio.sleep(0.15)
    assert replay.status()["position"] == held
    replay.adjust(paused=False, speed=1_000_000)
    await asyncio.wait_for(replay.finished(), 20)
    assert replay.status()["finished"]
    assert [p.text for p in network.newest()] == ["@acme three", "@acme 1"]


async def _first_step(replay: Replay) -> None:
    """Wait until the first step is done; the next is seconds away."""
    while not replay.status()["done"]:  # noqa: ASYNC110 - a replay sets no event
        await asyncio.sleep(0.01)


async def test_a_replay_can_be_started_anew_and_stopped(
    network: XNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mentions, "read", lambda _: _entries())
    replay = Replay(network)
    for _ in range(2):
        await replay.start("small", speed=1)
        await _first_step(replay)
    await replay.stop()
    assert [e.detail["text"] for e in network.ledger.of("x", "create post")] == ["@acme one", "@acme one"]
    await replay.stop()


async def test_a_step_whose_post_is_gone_is_skipped(
    network: XNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mentions, "read", lambda _: _entries())
    replay = Replay(network)
    await replay.start("small", speed=1)
    await _first_step(replay)
    network.delete(next(network.newest()).id)
    replay.adjust(speed=1_000_000)
    await asyncio.wait_for(replay.finished(), 20)
    assert [p.text for p in network.newest()] == ["@acme three"]
    assert len(network.ledger.of("x", "replay skipped a step")) == 3


async def test_nonsense_is_refused_and_leaves_the_replay_alone(network: XNetwork) -> None:
    replay = Replay(network)
    with pytest.raises(FileNotFoundError):
        await replay.start("no such set")
    for speed in (0, -1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="speed"):
            replay.adjust(speed=speed)
    assert replay.status()["set"] is None


def test_a_flood_is_the_same_for_the_same_seed(network: XNetwork) -> None:
    other = XNetwork(Ledger(), Faults())
    first, again = flood(network, 500, 40, seed=7), flood(other, 500, 40, seed=7)
    assert [(p.author.username, p.text) for p in first] == [(p.author.username, p.text) for p in again]
    assert len({p.text for p in first}) == 500
    assert 30 < len({p.author.id for p in first}) <= 40
    assert network.mentioning[network.brand.id] == first


async def test_a_flood_can_last(network: XNetwork) -> None:
    began = time.monotonic()
    posts = await flood_for(network, seconds=0.3, per_second=100, authors=5, seed=1)
    assert len(posts) == 30
    assert time.monotonic() - began > 0.25
