"""Benchmark how topics are found in 20,000 posts of 30 days; the floor splits the same posts into tokens."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice

from adapters.prompts.labelled_posts import load_labelled_posts
from adapters.prompts.stop_words import load_stop_words
from domain.causes.topics import TopicPost, find_topics
from domain.triage.phrases import tokens
from tests.bench.figures import Figure, times_floor
from tests.bench.sizes import Sizes
from tests.source import ROOT

_NOW = datetime(2026, 11, 29, tzinfo=UTC)
_MOST = 8.0  # times the floor


def topics(sizes: Sizes) -> list[Figure]:
    """Measure the time for topics, and how long the event loop waits meanwhile."""
    posts = _posts(sizes.topic_posts)
    stop_words = load_stop_words(ROOT / "prompts" / "stop_words.toml")
    found, floor, waits = [], [], []
    for _ in range(sizes.rounds):
        floor.append(_ms(lambda: [tokens(post.text) for post in posts]))
        found.append(_ms(lambda: find_topics(posts, stop_words)))
        waits.append(asyncio.run(_longest_wait(lambda: find_topics(posts, stop_words))))
    return [
        times_floor(f"topics of {len(posts):,} posts", "ms", min(found), min(floor), _MOST),
        Figure(what="the event loop's longest wait meanwhile", unit="ms", measured=min(waits)),
    ]


def _posts(count: int) -> list[TopicPost]:
    """Make posts of the labelled ones, each text with a number of its own, over 30 days."""
    labelled = load_labelled_posts(ROOT / "prompts" / "training")
    return [
        TopicPost(
            case_id=number,
            message_id=number,
            author=f"net:{number}",
            text=f"{one.text} {number}",
            language=one.language or "en",
            situation=one.situation.value if one.situation else "other",
            at=_NOW - timedelta(days=30) * (number / count),
        )
        for number, one in enumerate(islice(cycle(labelled), count))
    ]


def _ms(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1_000


async def _longest_wait(act: Callable[[], object]) -> float:
    """Return how many ms the event loop is late at most, while a thread does the work."""
    work = asyncio.create_task(asyncio.to_thread(act))
    longest = 0.0
    while not work.done():
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        longest = max(longest, (time.perf_counter() - began) * 1_000 - 1)
    await work
    return longest
