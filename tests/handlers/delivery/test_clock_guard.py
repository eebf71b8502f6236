"""Of two copies whose clocks differ, the wrong one sends and leads nothing until it is right again."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from adapters.slack.health_wording import troubles
from domain.operations.health import CLOCKS
from handlers.delivery.clock_guard import ClockGuard
from handlers.delivery.loop import Delivery
from handlers.desk import Desk
from handlers.health import Health
from storage.diagnostics import check_clocks
from storage.engine import Store, open_store
from tests.handlers.delivery.loops import HELLO, never, put, states
from tests.handlers.delivery.performers.scripted import ManualClock, ScriptedPerformer, a_delivery_loop
from tests.handlers.delivery.test_running import until
from tests.handlers.made import queued


@dataclass
class Host:
    """A host's clock."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@contextmanager
def another_copy(store: Store) -> Iterator[Desk]:
    desk = Desk(open_store(store.engine.url.render_as_string(hide_password=False)))
    try:
        yield desk
    finally:
        desk.close()


def a_health(desk: Desk) -> Health:
    return Health(desk=desk, clock=Host(), accounts=(), schema_fault=lambda: None, running=lambda: None)


async def run_for(delivery: Delivery, seconds: float) -> None:
    running = asyncio.create_task(delivery.run())
    await asyncio.sleep(seconds)
    await delivery.stop()
    await running


async def test_a_copy_whose_clock_is_wrong_takes_over_nothing_that_another_sends(postgres: Store) -> None:
    """Else it takes the message over, as the lease is over by its clock, and it goes out twice."""
    put(postgres, HELLO)
    with another_copy(postgres) as right, another_copy(postgres) as wrong:
        sending = ScriptedPerformer(act=never)
        first = a_delivery_loop(right, sending, Host(), owner="right")
        running = asyncio.create_task(first.run())
        await until(lambda: "sending" in states(postgres))
        leased_until = queued(postgres)[0]["lease_until"]
        fast, script = Host(timedelta(minutes=5)), ScriptedPerformer()
        await run_for(a_delivery_loop(wrong, script, fast, owner="wrong"), 0.5)
        assert (script.recorded, states(postgres)) == ([], ["sending"])
        slow = Host(timedelta(minutes=-5))
        await run_for(a_delivery_loop(wrong, script, slow, owner="wrong"), 0.5)
        assert queued(postgres)[0]["lease_until"] == leased_until
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_it_leads_nothing_and_goes_on_once_its_clock_is_right(postgres: Store) -> None:
    with another_copy(postgres) as right, another_copy(postgres) as wrong:
        host = Host(timedelta(seconds=-12))
        good, bad = ClockGuard(right, Host(), "right"), ClockGuard(wrong, host, "wrong")
        assert [await good.stands_back(), await bad.stands_back(), await good.stands_back()] == [
            False,
            True,
            False,
        ]
        assert (right.clock_off, round((wrong.clock_off or timedelta()).total_seconds())) == (None, -12)
        line = check_clocks(postgres.engine.url.render_as_string(hide_password=False))
        assert line is not None
        assert (line.ok, line.detail, "NTP" in line.remedy) == (False, "2 copies, 12 s apart", True)
        assert "12 s behind another's" in troubles(await a_health(wrong).read_health())[CLOCKS]
        assert CLOCKS not in troubles(await a_health(right).read_health())
        assert not await wrong.run_in_pool(wrong.leads)
        assert await right.run_in_pool(right.leads)
        host.ahead = timedelta(seconds=2)
        assert not await bad.stands_back()
        assert wrong.clock_off is None
        line = check_clocks(postgres.engine.url.render_as_string(hide_password=False))
        assert line is not None
        assert (line.ok, line.detail) == (True, "2 copies, 2 s apart")
        assert CLOCKS not in troubles(await a_health(wrong).read_health())


async def test_a_copy_that_is_gone_keeps_nobody_back(postgres: Store) -> None:
    with another_copy(postgres) as gone, another_copy(postgres) as left:
        await ClockGuard(gone, Host(), "gone").stands_back()
        with postgres.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE marks SET at = at - interval '2 minutes'")
        guard = ClockGuard(left, Host(timedelta(hours=1)), "left")
        assert not await guard.stands_back()


async def test_one_copy_alone_goes_by_its_own_clock(store: Store, desk: Desk) -> None:
    guard = ClockGuard(desk, ManualClock(), "me")  # years from the database's
    assert not await guard.stands_back()
    assert desk.clock_off is None
    assert check_clocks(store.engine.url.render_as_string(hide_password=False)) is None
