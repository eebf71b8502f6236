"""Limit the streams of a chat as they are asked for, and end the one that its page has replaced."""

import asyncio

import pytest

from handlers.web.chat.errors import Refusal
from handlers.web.chat.rate_limits import Rates
from handlers.web.chat.stream_slots import StreamSlots
from storage.engine import Store
from tests.handlers.web.chat.sites import Browser, served

KEY = "a" * 32


async def test_of_many_at_once_no_more_than_the_limit_are_opened(sqlite: Store) -> None:
    async with served(sqlite, rates=Rates(streams=2)) as site, Browser(site) as ana:
        await ana.open(site.link(site.offer(site.a_case())))
        url = f"{site.address}/chat/events"
        answers = await asyncio.gather(*(ana.session.get(url) for _ in range(6)))
        assert sorted(answer.status for answer in answers) == [200, 200, 429, 429, 429, 429]
        for answer in answers:
            answer.close()


async def test_a_page_that_connects_anew_ends_the_connection_that_it_had(sqlite: Store) -> None:
    async with served(sqlite, rates=Rates(streams=1)) as site, Browser(site) as ana:
        await ana.open(site.link(site.offer(site.a_case())))
        url = f"{site.address}/chat/events?stream={KEY}"
        async with ana.session.get(url) as dead, ana.session.get(url) as alive:
            assert (dead.status, alive.status) == (200, 200)
            async with asyncio.timeout(20):
                await dead.content.read()


def test_slots_are_given_back() -> None:
    slots = StreamSlots(limit=1)
    first = slots.take(1, KEY)
    second = slots.take(1, KEY)
    slots.give_back(1, first)  # it was replaced, and frees nothing
    with pytest.raises(Refusal):
        slots.take(1, "")
    slots.take(2, "")
    slots.give_back(1, second)
    slots.take(1, "")
