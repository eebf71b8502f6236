"""Run and stop the delivery loop: it wakes, paces itself, and finishes what is in flight."""

import asyncio
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest

from domain.delivery.effects import Alert, Job, UpdateCard
from domain.delivery.outcomes import Done, Outcome
from domain.delivery.pacing import Pace
from handlers.delivery import loop
from handlers.delivery.loop import Delivery, Dispatcher
from handlers.desk import Desk
from storage.engine import Store
from tests.handlers.delivery.loops import HELLO, REPLY, never, put, states
from tests.handlers.delivery.performers.scripted import ManualClock, ScriptedPerformer, a_delivery_loop, turn
from tests.handlers.made import queued


async def until(holds: Callable[[], object], patience: float = 30.0) -> None:
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


class RealClock:
    """The system clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def alerts(numbers: Iterable[int]) -> list[Alert]:
    return [Alert("text", str(number), "C1") for number in numbers]


async def test_the_loop_delivers_when_woken_and_stops(store: Store, desk: Desk) -> None:
    script = ScriptedPerformer()
    delivery = a_delivery_loop(desk, script, ManualClock())
    running = asyncio.create_task(delivery.run())
    await asyncio.sleep(0.05)
    put(store, HELLO)
    delivery.wake()
    await until(lambda: script.recorded, patience=0.9 * loop.MAX_IDLE + 5)
    await delivery.stop()
    await running
    assert states(store) == ["sent"]


async def test_a_database_error_is_logged_and_the_loop_continues(
    store: Store, desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "MAX_IDLE", 0.01)
    put(store, HELLO)
    script, clock = ScriptedPerformer(), ManualClock()
    delivery = a_delivery_loop(desk, script, clock)
    real = desk.run
    failures: list[int] = []

    async def run(*args: object, **kwargs: object) -> object:
        if len(failures) < 2:
            failures.append(1)
            raise OSError("the database is away")
        return await real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(desk, "run", run)
    running = asyncio.create_task(delivery.run())
    await until(lambda: script.recorded)
    await delivery.stop()
    await running
    assert "delivery pass failed; retrying" in caplog.text


async def test_a_pace_is_used_to_the_full(store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop wakes when the rate limit permits the next effect, not after the idle wait, which would
    halve the throughput of a channel.
    """
    monkeypatch.setattr(loop, "MAX_IDLE", 30.0)
    put(store, *alerts(range(4)))
    script, clock = ScriptedPerformer(), RealClock()
    dispatcher = Dispatcher(
        performers={"alert": script}, paces=lambda _name: Pace(timedelta(seconds=0.2)), owner="me"
    )
    delivery = Delivery(desk, dispatcher, clock, sole_worker=False)
    began = time.monotonic()
    running = asyncio.create_task(delivery.run())
    await until(lambda: len(script.recorded) == 4, patience=2 * loop.MAX_IDLE)
    took = time.monotonic() - began
    await delivery.stop()
    await running
    assert 3 * 0.2 <= took < loop.MAX_IDLE
    assert states(store) == ["sent"] * 4


async def test_a_loop_at_its_limit_waits_even_when_woken(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "MAX_IN_FLIGHT", 2)
    monkeypatch.setattr(loop, "STOP_TIMEOUT", 0.01)
    put(store, *alerts(range(5)))
    script, clock = ScriptedPerformer(act=never), ManualClock()
    delivery = a_delivery_loop(desk, script, clock)
    running = asyncio.create_task(delivery.run())
    await until(lambda: len(script.performed) == 2)
    delivery.wake()
    before = clock.reads
    await asyncio.sleep(0.2)
    assert clock.reads - before < 10
    await delivery.stop()
    await running


async def test_a_stop_waits_for_effects_in_flight(store: Store, desk: Desk) -> None:
    put(store, HELLO)
    go_on = asyncio.Event()

    async def slow(_job: Job) -> Outcome:
        await go_on.wait()
        return Done({"ts": "1"})

    script = ScriptedPerformer(act=slow)
    delivery = a_delivery_loop(desk, script, ManualClock())
    running = asyncio.create_task(delivery.run())
    await until(lambda: script.performed)
    stopping = asyncio.create_task(delivery.stop())
    await asyncio.sleep(0.05)
    assert not stopping.done()
    go_on.set()
    await stopping
    await running
    assert states(store) == ["sent"]


async def test_a_stop_times_out_and_marks_effects_in_flight_as_unsure(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "STOP_TIMEOUT", 0.01)
    put(store, REPLY, UpdateCard(1), HELLO)
    script = ScriptedPerformer(act=never)
    delivery = a_delivery_loop(desk, script, ManualClock())
    running = asyncio.create_task(delivery.run())
    await until(lambda: len(script.performed) == 3)
    await delivery.stop()
    await running
    assert {row["kind"]: row["state"] for row in queued(store)} == {
        "send_reply": "unsure",
        "update_card": "queued",
        "alert": "unsure",
    }


async def test_a_stop_finishes_a_claim_in_progress(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, HELLO)
    claimed, go_on = asyncio.Event(), asyncio.Event()
    durably = desk.run_durably

    async def slowly(*args: object, **kwargs: object) -> object:
        claimed.set()
        await go_on.wait()
        return await durably(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(desk, "run_durably", slowly)
    script = ScriptedPerformer()
    delivery = a_delivery_loop(desk, script, ManualClock())
    running = asyncio.create_task(delivery.run())
    await claimed.wait()
    stopping = asyncio.create_task(delivery.stop())
    await asyncio.sleep(0.05)
    go_on.set()
    await stopping
    await running
    assert states(store) == ["sent"]


async def test_nothing_is_claimed_after_the_stop(store: Store, desk: Desk) -> None:
    script = ScriptedPerformer()
    delivery = a_delivery_loop(desk, script, ManualClock())
    await delivery.stop()
    put(store, HELLO)
    assert await turn(delivery) == 0
    assert states(store) == ["queued"]


async def test_two_copies_perform_everything_once(store: Store, desk: Desk) -> None:
    put(store, *alerts(range(60)))
    scripts = [ScriptedPerformer(), ScriptedPerformer()]
    copies = [
        a_delivery_loop(desk, script, ManualClock(), owner=f"copy {n}") for n, script in enumerate(scripts)
    ]
    tasks = [asyncio.create_task(copy.run()) for copy in copies]
    await until(lambda: sum(len(script.recorded) for script in scripts) == 60)
    for copy, task in zip(copies, tasks, strict=True):
        await copy.stop()
        await task
    assert len({key for script in scripts for key in script.performed}) == 60
    assert set(states(store)) == {"sent"}
