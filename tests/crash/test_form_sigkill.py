"""SIGKILL while a form is submitted, which then comes again: what it asks for is done once."""

import asyncio
import os
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from adapters.slack.action_ids import card_value
from adapters.slack.cases.form_ids import CaseFormAction, CaseFormBlock, CaseFormCallback
from sandbox.slack import payloads
from sandbox.slack.views import View
from tests.crash.bot_database import BotDatabase
from tests.processes import bot_in_world
from tests.stories import SAM

SEED = int(os.environ.get("CRASH_SEED", "1"))
LIVES = 3
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"

Wait = Callable[[], Awaitable[None]]


def a_note(words: str, case_id: int) -> View:
    """Build *Add note…* of a case, with these words in it."""
    opened_for = card_value(case_id, 1)
    shown = {"type": "modal", "callback_id": CaseFormCallback.NOTE, "private_metadata": opened_for}
    values = {CaseFormBlock.NOTE_TEXT.value: {CaseFormAction.NOTE_TEXT.value: {"value": words}}}
    return View({"id": f"V{words}", "blocks": [], **shown}, SAM, values)


@contextmanager
def submitted(database_url: str, rng: random.Random) -> Iterator[Wait]:
    """Yield what waits until a submission is being handled.

    On PostgreSQL nothing can be stored meanwhile of which requests were handled.
    """
    if not database_url.startswith("postgresql"):
        yield lambda: asyncio.sleep(rng.uniform(0.0, 0.03))
        return
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            connection.execute(text("LOCK TABLE handled_requests IN EXCLUSIVE MODE"))
            yield partial(_stopped, BotDatabase(database_url))
            connection.rollback()
    finally:
        engine.dispose()


async def _stopped(database: BotDatabase) -> None:
    async with asyncio.timeout(60):
        while database.query(_WAITING) == [(0,)]:  # noqa: ASYNC110 - the server sets no event
            await asyncio.sleep(0.01)


@pytest.mark.crash
@pytest.mark.long(20)
@pytest.mark.timeout(300)
async def test_a_note_is_written_once_whenever_the_bot_is_killed(tmp_path: Path, database_url: str) -> None:
    rng, database = random.Random(SEED), BotDatabase(database_url)
    async with bot_in_world(tmp_path, database_url) as (story, bot):
        await bot.start()
        story.customer_writes("@acme third time the app eats my payment")
        await story.until(lambda: database.query("SELECT count(*) FROM cases") == [(1,)], "the case")
        [(case_id,)] = database.query("SELECT id FROM cases")
        slack = story.world.slack
        for life in range(LIVES):
            form = payloads.view_submission(slack, a_note(f"note-{life}", case_id))
            with submitted(database_url, rng) as is_handled:
                first = asyncio.create_task(slack.delivery.interact("interactive", form))
                await is_handled()
                await bot.kill()
            await first
            await database.expire_leases()
            await bot.start()
            while not (await slack.delivery.interact("interactive", form)).answered:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.2)
        stored = database.query("SELECT text FROM case_notes ORDER BY id")
        assert stored == [(f"note-{life}",) for life in range(LIVES)]
        assert database.query("SELECT count(*) FROM audit WHERE action = 'note_added'") == [(LIVES,)]
