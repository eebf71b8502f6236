"""The child process of the demo: it is started again, killed, and taken to a later day."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from sandbox.bot_process import LOG, TIMES, BotProcess
from sandbox.clock import WorldClock
from tests.source import ROOT

#: In place of the bot: it notes what it was started as, and the time of its clock, and waits to be ended.
PROGRAM = """
import sys, time
from datetime import UTC, datetime

class SystemClock:
    def now(self):
        return datetime.now(UTC)

def main(argv):
    print("started", " ".join(argv), SystemClock().now().isoformat(), flush=True)
    {then}
    return 0

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def start(tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], BotProcess]:
    """Return what makes the process of a bot that does `then` after its start."""
    monkeypatch.setattr("sandbox.bot_process.RESTART_SECONDS", 0.01)

    def make(then: str) -> BotProcess:
        program = tmp_path / "bot.py"
        program.write_text(PROGRAM.format(then=then), encoding="utf-8")
        return BotProcess(program, tmp_path, {}, clock=WorldClock(), report=told.append)

    return make


@pytest.fixture
async def waiting(start: Callable[[str], BotProcess]) -> AsyncIterator[BotProcess]:
    """A bot that runs until it is ended."""
    process = start("time.sleep(60)")
    run = asyncio.create_task(process.run())
    yield process
    await process.stop()
    await run


async def starts(process: BotProcess, folder: Path, count: int) -> list[str]:
    """Wait until it was started so many times; returns the lines that it wrote."""
    log = folder / LOG
    async with asyncio.timeout(60):
        while process.status()["starts"] < count or len(log.read_text(encoding="utf-8").splitlines()) < count:  # noqa: ASYNC110 - a file sets no event
            await asyncio.sleep(0.02)
    return log.read_text(encoding="utf-8").splitlines()


async def test_a_killed_bot_is_started_again_and_that_is_told(
    waiting: BotProcess, tmp_path: Path, told: list[str]
) -> None:
    await starts(waiting, tmp_path, 1)
    waiting.kill()
    lines = await starts(waiting, tmp_path, 2)
    assert [line.split()[:2] for line in lines] == [["started", "run"]] * 2
    assert told == ["The bot was killed (SIGKILL). It is started again; what was under way goes on."]
    assert waiting.status() == {"starts": 2, "ended": "was killed (SIGKILL)"}


async def test_however_often_it_is_killed_it_is_started_again(
    waiting: BotProcess, tmp_path: Path, told: list[str]
) -> None:
    for count in range(1, TIMES + 2):
        await starts(waiting, tmp_path, count)
        waiting.kill()
    lines = await starts(waiting, tmp_path, TIMES + 2)
    assert [line.split()[:2] for line in lines] == [["started", "run"]] * (TIMES + 2)
    assert told == ["The bot was killed (SIGKILL). It is started again; what was under way goes on."] * (
        TIMES + 1
    )


async def test_after_a_skipped_day_its_clock_is_a_day_ahead(
    waiting: BotProcess, tmp_path: Path, told: list[str]
) -> None:
    await starts(waiting, tmp_path, 1)
    waiting.skip(86_400)
    first, later = await starts(waiting, tmp_path, 2)
    assert later.split()[:2] == ["started", "run"]
    assert first.split()[2][:10] < later.split()[2][:10]
    assert told == [], "that was asked for"


async def test_one_that_ends_by_itself_again_and_again_is_given_up(
    start: Callable[[str], BotProcess], told: list[str]
) -> None:
    process = start('print("no"); sys.exit(3)')
    why = await asyncio.wait_for(process.run(), 60)
    assert (
        told
        == ["The bot stopped by itself (exit code 3). It is started again; what was under way goes on."]
        * TIMES
    )
    assert process.log_tail(1) == "no"
    assert why.startswith("The bot stopped by itself again and again. The end of its log:\nstarted run")


async def test_a_mistake_in_its_settings_is_told_once(
    start: Callable[[str], BotProcess], tmp_path: Path, told: list[str]
) -> None:
    process = start("pass")
    (tmp_path / "bot.py").write_text('import sys\nprint("rules.toml: no such rule")\nsys.exit(2)')
    why = await asyncio.wait_for(process.run(), 60)
    assert why.count("rules.toml: no such rule") == 1
    assert process.status() == {"starts": 2, "ended": "stopped by itself (exit code 2)"}
    assert told == []


async def test_an_error_that_passes_is_not_told(
    start: Callable[[str], BotProcess], tmp_path: Path, told: list[str]
) -> None:
    """As where the database is locked for a moment."""
    process = start(
        "import os; os.path.exists('was') or sys.exit(open('was', 'w').write('no')); time.sleep(60)"
    )
    run = asyncio.create_task(process.run())
    await starts(process, tmp_path, 2)
    await process.stop()
    assert await run == ""
    assert told == []


async def test_somebody_else_may_kill_it(waiting: BotProcess, tmp_path: Path, told: list[str]) -> None:
    """As a newcomer does who reads that it survives."""
    await starts(waiting, tmp_path, 1)
    assert waiting._child is not None
    os.kill(waiting._child.pid, signal.SIGKILL)
    await starts(waiting, tmp_path, 2)
    assert len(told) == 1


#: Stands for the demo: it runs a bot in the folder that is given, until it is killed.
DEMO = """
import asyncio, sys
from pathlib import Path
from sandbox.bot_process import BotProcess
from sandbox.clock import WorldClock

folder = Path(sys.argv[1])
clock = WorldClock()
clock.skip(float(sys.argv[2]))
asyncio.run(BotProcess(folder.parent / "bot.py", folder, {}, clock=clock, report=print).run())
"""


@pytest.mark.parametrize("skipped", ["0", "86400"])
async def test_a_bot_whose_demo_is_killed_ends_and_leaves_no_folder(tmp_path: Path, skipped: str) -> None:
    folder = tmp_path / "kept by the demo"
    folder.mkdir()
    started, ended = asyncio.Event(), asyncio.Event()

    async def held(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        started.set()
        await reader.read()
        writer.close()
        ended.set()

    server = await asyncio.start_server(held, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    then = f"import socket; held = socket.create_connection(('127.0.0.1', {port})); time.sleep(600)"
    (tmp_path / "bot.py").write_text(PROGRAM.format(then=then), encoding="utf-8")
    demo = await asyncio.create_subprocess_exec(sys.executable, "-c", DEMO, str(folder), skipped, cwd=ROOT)
    async with asyncio.timeout(60):
        await started.wait()
        demo.kill()
        await demo.wait()
        await ended.wait()  # its end closes the connection
    server.close()
    assert not folder.exists()
    assert (tmp_path / "bot.py").exists()
