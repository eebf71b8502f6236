"""The posts of an invented outage, and how they come and ebb."""

import asyncio
import itertools

import pytest

from sandbox.breakdown import PHASES, Breakdown
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.outage_posts import LANGUAGES, outage_posts
from sandbox.world import World
from sandbox.x import XNetwork

FAST = 400.0


@pytest.fixture
def network() -> XNetwork:
    return XNetwork(Ledger(), Faults())


def test_the_posts_are_varied_and_some_are_urgent_about_something_else() -> None:
    posts = list(itertools.islice(outage_posts(1), 520))
    assert posts == list(itertools.islice(outage_posts(1), 520))
    assert posts != list(itertools.islice(outage_posts(2), 520))
    assert {post.language for post in posts} == set(LANGUAGES)
    assert len({post.username for post in posts}) == 520
    assert all(len(post.username) <= 15 for post in posts)
    assert len({post.text for post in posts}) > 400
    assert sum(post.is_urgent for post in posts) == 20
    assert all("@acme" in post.text for post in posts)


async def test_posts_come_ebb_once_it_is_resolved_and_end(network: XNetwork) -> None:
    resolved = 3
    breakdown = Breakdown(network, lambda: resolved, pace=FAST)
    breakdown.start()
    breakdown.start()
    await asyncio.sleep(PHASES[0][0] / FAST)
    assert breakdown.is_running
    resolved += 1
    await asyncio.wait_for(breakdown.finished(), 20)
    assert breakdown.status() == {"running": False, "posted": len(network.posts), "times": 1}
    assert len(network.posts) > 20


async def test_a_second_time_other_people_write_and_it_can_be_stopped(network: XNetwork) -> None:
    breakdown = Breakdown(network, lambda: 0, pace=FAST)
    authors = []
    for _ in range(2):
        network.posts.clear()
        breakdown.start()
        await asyncio.sleep(0.1)
        await breakdown.stop()
        authors.append({post.author.username for post in network.posts.values()})
    assert not breakdown.is_running
    assert all(authors)
    assert not authors[0] & authors[1]


async def test_a_resolved_incident_of_the_status_page_counts() -> None:
    page = World.create().statuspage
    assert page.resolved == 0
    incident = page.create({"name": "Payments fail"}, "http://page")
    assert page.resolved == 0
    page.change(incident["id"], {"status": "resolved"})
    assert page.resolved == 1
