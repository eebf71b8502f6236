"""Freeze the copy that reads: another one reads on, and what the first had begun doubles nothing."""

import signal
from contextlib import suppress
from pathlib import Path

import pytest

from tests.crash.bot_database import BotDatabase
from tests.processes import BotProcess, bot_in_world
from tests.stories import SUPPORT

LEADER = "SELECT owner FROM leaderships WHERE name = 'timers' AND expires_at > now()"


@pytest.mark.crash
@pytest.mark.long(15)
@pytest.mark.timeout(400)
async def test_a_frozen_leader_stops_no_reading(tmp_path: Path, fresh_postgres: str) -> None:
    (tmp_path / "other").mkdir()
    database = BotDatabase(fresh_postgres)
    async with bot_in_world(tmp_path, fresh_postgres) as (story, leader):
        await leader.start()
        await story.until(lambda: database.query(LEADER), "a leader")
        [owner] = database.query(LEADER)
        toml = (tmp_path / "switchboard.toml").read_text(encoding="utf-8")
        (tmp_path / "other" / "switchboard.toml").write_text(toml, encoding="utf-8")
        other = BotProcess(tmp_path / "other", {**leader.environment, "HTTP_PORT": "0"}, is_forked=True)
        try:
            await other.start()
            leader.signal(signal.SIGSTOP)
            story.customer_writes("@acme it eats my payment")
            # Frozen within a transaction it keeps its locks, until the server ends that after a minute.
            await story.until(lambda: story.find_card("eats my payment", SUPPORT), "a card", seconds=150)
            assert database.query(LEADER) not in ([], [owner])
            leader.signal(signal.SIGCONT)
            story.customer_writes("@acme it hides my order", who="ben")
            await story.card("hides my order")
            await leader.terminate()
        finally:
            with suppress(ProcessLookupError):
                leader.signal(signal.SIGCONT)
            await other.kill()
    assert database.query("SELECT count(*) FROM cases") == [(2,)]
