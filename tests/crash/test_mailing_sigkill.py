"""SIGKILL in the middle of a mailing: nobody is mailed twice, and nobody is forgotten."""

import asyncio
import os
import random
from collections import Counter
from pathlib import Path

import pytest

from domain.outages.subscribers import Choice, Source, Subscriber, SubscriberState
from handlers.delivery.performers.subscriber_mails import WAVE
from handlers.outages.mailings import start_mailing
from sandbox.faults import Fault
from storage.engine import open_store
from storage.schema import create_if_empty
from tests.crash.bot_database import BotDatabase
from tests.processes import bot_in_world
from tests.storage.test_subscribers import NOW, a_publication
from tests.stories import QUICK, Story

SEED = int(os.environ.get("CRASH_SEED", "1"))
SUBSCRIBERS = 600
KILLS = 4
FINISHES_WITHIN = 120.0
CHOICES = f"{QUICK}[outages]\nmails_per_second = 50\n"
_UNSURE = (
    "SELECT address FROM subscribers JOIN notice_mails ON subscribers.id = subscriber_id "
    "WHERE notice_mails.state = 'unsure'"
)


@pytest.mark.crash
@pytest.mark.long(20)
@pytest.mark.timeout(600)
async def test_each_subscriber_is_mailed_once(tmp_path: Path, database_url: str) -> None:
    addresses = [f"s{number}@example.com" for number in range(SUBSCRIBERS)]
    _start(database_url, addresses)
    database, rng = BotDatabase(database_url), random.Random(SEED)
    async with bot_in_world(tmp_path, database_url, choices=CHOICES) as (story, bot):
        for number in range(KILLS):
            before = len(_mailed(story))
            await bot.start()
            await story.until(lambda least=before: len(_mailed(story)) > least, "a mail", seconds=60)  # type: ignore[misc]
            if number % 2:
                slow = story.world.faults.add(Fault("smtp:DATA", "slow", seconds=2))
                await story.until(lambda one=slow: one.times == 0, "the mail server", seconds=60)  # type: ignore[misc]
            await asyncio.sleep(rng.uniform(0, 1.0))
            await bot.kill()
            await database.expire_leases()
        assert 0 < len(_mailed(story)) < SUBSCRIBERS, "the kills proved little"
        await bot.start()
        await story.until(lambda: _is_finished(database), "the end of the mailing", seconds=FINISHES_WITHIN)
        mailed = Counter(_mailed(story))
    unsure = {address for (address,) in database.query(_UNSURE)}
    assert {address: count for address, count in mailed.items() if count > 1} == {}, f"seed {SEED}"
    assert set(addresses) - set(mailed) <= unsure, f"seed {SEED}: somebody was forgotten"
    assert len(unsure) <= KILLS * WAVE
    assert len(mailed) > SUBSCRIBERS - KILLS * WAVE


def _start(url: str, addresses: list[str]) -> None:
    """Store the subscribers, and start a mailing to them, as the sent notice does."""
    store = open_store(url)
    create_if_empty(store)
    with store.unit_of_work() as uow:
        uow.subscribers.add_many(
            [
                Subscriber(
                    id=0,
                    address=address,
                    choice=Choice(language="en"),
                    state=SubscriberState.CONFIRMED,
                    source=Source.IMPORT,
                    created_at=NOW,
                    confirmed_at=NOW,
                )
                for address in addresses
            ]
        )
    publication = a_publication(store)
    with store.unit_of_work() as uow:
        start_mailing(uow, publication, now=NOW)
    store.close()


def _mailed(story: Story) -> list[str]:
    """Return the recipients of all mails that the mail server took, by its own ledger."""
    return [address for one in story.world.ledger.of("mail", "sent") for address in one.detail["recipients"]]


def _is_finished(database: BotDatabase) -> bool:
    return database.query("SELECT count(*) FROM mailings WHERE finished_at IS NULL") == [(0,)]
