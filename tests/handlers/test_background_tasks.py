"""Run work in the background, and stop it with the bot."""

import asyncio
import logging

import pytest

from handlers.background_tasks import BackgroundTasks


async def test_a_failure_is_logged_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    done = asyncio.Event()

    async def fail() -> None:
        raise ValueError("nope")

    async def work() -> None:
        done.set()

    tasks = BackgroundTasks()
    with caplog.at_level(logging.ERROR):
        tasks.start(fail(), name="a request")
        tasks.start(work(), name="another")
        await asyncio.wait_for(done.wait(), 5)
        await tasks.stop()
    assert "a request failed" in caplog.text


async def test_running_work_is_cancelled_at_the_stop() -> None:
    started, cancelled = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    tasks = BackgroundTasks()
    tasks.start(wait(), name="a request")
    await started.wait()
    await tasks.stop()
    assert cancelled.is_set()
