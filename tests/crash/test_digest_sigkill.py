"""Kill the bot while it posts a scheduled digest: the digest comes once, and no temporary folder stays."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from adapters.temporary_folders import HOST
from domain.reports.digests import Cadence, Digest, DigestPlan
from domain.reports.filters import Filters
from sandbox.faults import Fault
from storage.engine import open_store
from storage.schema import create_if_empty
from tests.crash.bot_database import BotDatabase
from tests.processes import bot_in_world
from tests.stories import QUICK, SUPPORT, shown

DAILY = '\n[[reports.digests]]\nchannel = "#support"\nwhen = "daily 00:00"\ntime_zone = "UTC"\n'
POSTED = "SELECT id FROM digests WHERE posted_ts IS NOT NULL"


def missed_two_days(url: str) -> None:
    """Create a database in which the newest digest that was booked is that of two days ago."""
    plan = DigestPlan(channel=SUPPORT, cadence=Cadence.DAILY, at=time(0), zone=UTC)
    day = (datetime.now(UTC) - timedelta(days=2)).date()
    store = open_store(url)
    create_if_empty(store)
    with store.unit_of_work() as uow:
        uow.digests.add(
            Digest(
                id=0,
                key=plan.key,
                day=day,
                channel=plan.channel,
                cadence=plan.cadence,
                period=plan.period(day),
                filters=Filters(),
                due_at=plan.due_at(day),
                booked_at=plan.due_at(day),
            )
        )
    store.close()


@pytest.mark.crash
@pytest.mark.long(15)
async def test_a_kill_while_a_digest_is_posted_loses_and_doubles_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    missed_two_days(url)
    database, folders = BotDatabase(url), tmp_path / "tmp"
    folders.mkdir()
    async with bot_in_world(tmp_path, url, choices=QUICK + DAILY) as (story, bot):
        bot.environment = {**bot.environment, "TMPDIR": str(folders)}
        # It is posted, but Slack's answer is on the way when the bot dies.
        story.world.faults.add(Fault("slack:chat.postMessage", "lost-after"))

        def digests() -> list[str]:
            return [
                text for one in story.world.slack.messages(SUPPORT) if "Daily digest" in (text := shown(one))
            ]

        await bot.start()
        await story.until(digests, "the digest")
        await bot.kill()
        # As if the kill had come while the chart was drawn.
        (folders / f"switchboard-{HOST}-{bot.pid}-chart").mkdir()
        await bot.start()
        await story.until(lambda: database.query(POSTED), "its place")
        assert len(digests()) == 1
        assert len(database.query("SELECT id FROM digests")) == 2
        assert [path.name for path in folders.iterdir() if path.name.startswith("switchboard-")] == []
