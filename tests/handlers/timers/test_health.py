"""On-call is told once of what does not work, and once that it works again; nobody calls the switch then."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import text

from adapters.slack.health_wording import troubles
from domain.delivery.outcomes import Done, Later, Outcome
from domain.operations.health import HealthReport
from domain.operations.storage_faults import StorageUnavailable
from handlers import health
from handlers.desk import Desk
from handlers.health import Health
from handlers.operations.marks import try_to_write
from handlers.timers.health import PATIENCE, HealthWatch
from storage.engine import Store, open_store
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import NOW


@dataclass
class Running:
    """The parts of a bot."""

    works: dict[str, bool | str] = field(default_factory=lambda: {"slack": True})
    reconnected: int = 0

    async def parts(self) -> Mapping[str, bool | str]:
        return self.works

    def heard_seconds(self) -> float | None:
        return 0.0

    async def reconnect(self) -> None:
        self.reconnected += 1


@dataclass
class Chat:
    """Keeps what is posted."""

    said: list[str] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    async def post(self, _channel: str, content: Mapping[str, Any], **_more: object) -> Outcome:
        self.said.append(str(content["text"]))
        return self.outcomes.pop(0) if self.outcomes else Done({})


class Watched:
    """A watch over a bot whose parts a test sets."""

    def __init__(self, desk: Desk, alive_url: str | None = None) -> None:
        self.clock, self.running, self.chat = ManualClock(), Running(), Chat()
        self.lost: list[str] = []
        self.health = Health(
            desk=desk, clock=self.clock, accounts=(), schema_fault=lambda: None, running=lambda: self.running
        )
        self.watch = HealthWatch(
            ctx=a_context(desk, clock=self.clock, team_chat=self.chat),
            health=self.health,
            owner="me",
            alive_url=alive_url,
            on_lost=self.lost.append,
        )

    async def look(self, times: int = PATIENCE) -> list[str]:
        """Look so often, and return what was posted meanwhile."""
        before = len(self.chat.said)
        for _ in range(times):
            await self.watch.look()
        return self.chat.said[before:]

    async def failed(self) -> Mapping[str, str]:
        return (await self.health.read_health()).failed


@asynccontextmanager
async def switch() -> AsyncIterator[tuple[str, list[str]]]:
    """Serve a dead man's switch; yield its address, and its calls."""
    calls: list[str] = []

    async def called(request: web.Request) -> web.Response:
        calls.append(request.path)
        return web.Response(text="OK")

    app = web.Application()
    app.router.add_get("/ping", called)
    async with TestServer(app) as server:
        yield str(server.make_url("/ping")), calls


def set_pragma(store: Store, pragma: str) -> None:
    with store.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA {pragma}")


@pytest.fixture
def own(fresh_sqlite: str) -> Iterator[Store]:
    """A store on a file that a test may spoil."""
    store = open_store(fresh_sqlite)
    yield store
    store.close()


@pytest.fixture
def desk(own: Store) -> Desk:
    return Desk(own)


async def test_a_database_that_cannot_be_written_is_told_once_and_its_end_once(
    own: Store, desk: Desk
) -> None:
    watched = Watched(desk)
    assert await watched.look() == []
    set_pragma(own, "query_only = 1")
    with pytest.raises(StorageUnavailable):
        await desk.run(try_to_write, by="somebody", now=watched.clock.now())
    assert await watched.look(PATIENCE - 1) == []
    [said] = await watched.look(9)
    assert "The database may not be written." in said
    assert await watched.failed() == {"database": "read only"}
    set_pragma(own, "query_only = 0")
    assert await watched.look() == ["⚠️ The database works again. What waited goes on."]
    assert await watched.failed() == {}


async def test_a_database_that_does_not_answer_is_told_too(own: Store, desk: Desk) -> None:
    watched, goes_on = Watched(desk), threading.Event()
    assert await watched.look(1) == []
    watched.watch.health = replace(watched.health, database_timeout=0.02)
    waiting = asyncio.create_task(desk.run_in_pool(goes_on.wait))
    try:
        async with asyncio.timeout(20):
            [said] = await watched.look()
        assert "The database cannot be used: no answer." in said
    finally:
        goes_on.set()
        await waiting


async def test_a_disk_that_is_nearly_full_fails(
    own: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "MIN_FREE_BYTES", 10**18)
    watched = Watched(desk)
    [said] = await watched.look(5)
    assert "nearly full" in said
    assert "MB are left" in (await watched.failed())["disk"]


def test_a_full_disk_is_told_of_once_and_not_as_nearly_full_too() -> None:
    full = HealthReport(at=NOW, failed={"database": "full", "disk": "0 MB are left"})
    assert list(troubles(full)) == ["database"]


@dataclass
class Reports:
    """A health that is as a test says, look by look; the last report stays."""

    reports: list[dict[str, str]]
    database_timeout: float = 5.0

    def seconds(self) -> float:
        return 0.0

    async def read_health(self) -> HealthReport:
        failed = self.reports.pop(0) if len(self.reports) > 1 else self.reports[0]
        return HealthReport(at=NOW, failed=failed)


async def test_a_disk_that_fills_up_is_not_said_to_have_room_again(desk: Desk) -> None:
    nearly, full = {"disk": "30 MB are left"}, {"database": "full", "disk": "0 MB are left"}
    watched = Watched(desk)
    reports: Any = Reports([nearly] * PATIENCE + [full] * PATIENCE + [nearly] * PATIENCE + [{}])
    watched.watch.health = reports
    said = await watched.look(3 * PATIENCE)
    assert [text.partition(":")[0].partition(".")[0] for text in said] == [
        "⚠️ The disk of the database is nearly full",
        "⚠️ The disk of the database is full",
        "⚠️ The database works again",
    ]
    assert await watched.look(1) == ["⚠️ The disk of the database has room again."]


async def test_where_slack_cannot_be_reached_on_call_is_told_later_and_the_log_once(
    own: Store, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    watched = Watched(desk)
    watched.running.works["slack"] = False
    watched.chat.outcomes = [Later("away")] * 2
    assert len(await watched.look(PATIENCE + 4)) == 3
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1


async def test_a_file_that_was_deleted_ends_the_bot_with_a_sentence(own: Store, desk: Desk) -> None:
    watched = Watched(desk)
    await watched.look(1)
    assert own.file is not None
    own.file.path.unlink()
    [said] = await watched.look(1)
    assert "was deleted while the bot used it" in said
    assert "bot.py restore" in watched.lost[0]
    assert await watched.failed() == {"database": "its file is gone"}


async def test_a_database_that_is_another_one_ends_the_bot(own: Store, desk: Desk) -> None:
    watched = Watched(desk)
    await watched.look(1)
    with own.engine.begin() as connection:
        connection.execute(text("UPDATE marks SET value = 'other' WHERE name = 'database'"))
    [said] = await watched.look(1)
    assert "was replaced" in said
    assert watched.lost


async def test_a_silent_socket_fails_and_is_opened_anew(own: Store, desk: Desk) -> None:
    watched = Watched(desk)
    watched.running.works["slack"] = "silent"
    [said] = await watched.look(5)
    assert "Slack's socket is silent" in said
    assert (await watched.failed(), watched.running.reconnected) == ({"slack": "silent"}, 5)


async def test_a_clock_that_was_set_back_is_told_at_once_and_once(own: Store, desk: Desk) -> None:
    watched = Watched(desk)
    await watched.look(1)
    watched.clock.advance(hours=-2)
    [said] = await watched.look(5)
    assert "set back by 7200 s" in said
    assert "clock" in await watched.failed()


async def test_the_switch_is_called_once_a_minute_while_all_is_well(own: Store, desk: Desk) -> None:
    async with switch() as (url, calls):
        watched = Watched(desk, url)
        await watched.look(5)
        assert len(calls) == 1
        watched.watch._called_at = float("-inf")
        watched.running.works["slack"] = False
        await watched.look(5)
        assert len(calls) == 1
        watched.running.works["slack"] = True
        await watched.look(1)
        assert len(calls) == 2
