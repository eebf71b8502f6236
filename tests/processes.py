"""Run the bot as its user does: `python bot.py run` in its own process, which can be killed."""

import asyncio
import contextlib
import os
import re
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import aiohttp

from sandbox.slack.limits import Limits
from sandbox.world import World, running
from tests.forks import Fork, fork_server
from tests.source import ROOT
from tests.stories import QUICK, Story, patient_limits

BOT = ROOT / "bot.py"
PATIENCE = 120.0
LOG = "bot.log"
_HEALTH = re.compile(r"ready: .*health at (\S+)/healthz")
_KEPT = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "PYTHONHASHSEED")


@dataclass
class BotProcess:
    """`python bot.py run` in `folder`, with only `environment` set. The log file survives restarts.

    `is_forked` starts it without the time that imports take, at shortened paces; see `tests.forks`.
    """

    folder: Path
    environment: Mapping[str, str]
    is_forked: bool = False
    _child: asyncio.subprocess.Process | Fork | None = None
    _starts_at: int = field(default=0)

    @property
    def is_running(self) -> bool:
        """Whether the process is running."""
        return self._child is not None and self._child.returncode is None

    @property
    def pid(self) -> int:
        """The process id."""
        assert self._child is not None
        return self._child.pid

    @property
    def log(self) -> str:
        """The log since the last start."""
        return _read(self.folder / LOG)[self._starts_at :]

    @property
    def whole_log(self) -> str:
        """The log of all starts."""
        return _read(self.folder / LOG)

    @property
    def address(self) -> str:
        """The address of the web server, once it is ready."""
        found = _HEALTH.search(self.log)
        assert found is not None, self.log
        return found[1]

    async def spawn(self) -> None:
        """Start the process without waiting."""
        assert not self.is_running
        self._starts_at = len(self.whole_log)
        path = self.folder / LOG
        if self.is_forked:
            environment = _kept() | dict(self.environment)
            self._child = fork_server().fork(["run"], folder=self.folder, environment=environment, log=path)
            return
        with path.open("ab") as log:
            self._child = await _run("run", folder=self.folder, environment=self.environment, output=log)

    async def start(self) -> None:
        """Start the process and wait until the log says "ready:"."""
        await self.spawn()
        await self.wait_for_log(_HEALTH)

    async def wait_for_log(self, words: str | re.Pattern[str]) -> None:
        """Wait until the log since the last start matches `words`."""
        async with asyncio.timeout(PATIENCE):
            while re.search(words, self.log) is None:
                assert self.is_running, f"the bot ended by itself:\n{self.log}"
                await asyncio.sleep(0.02)

    async def wait_for_exit(self, seconds: float = PATIENCE) -> int:
        """Wait until the process has ended; returns its exit code."""
        assert self._child is not None
        async with asyncio.timeout(seconds):
            return await self._child.wait()

    async def kill(self) -> None:
        """Send SIGKILL and wait for the end.

        Does nothing where the process was never started or has ended.
        """
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                self._child.kill()
            await self.wait_for_exit()

    async def terminate(self) -> int:
        """Send SIGTERM and wait for the end; returns the exit code."""
        self.signal(signal.SIGTERM)
        return await self.wait_for_exit()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal without waiting."""
        assert self._child is not None
        self._child.send_signal(number)

    async def health(self) -> dict[str, object]:
        """Return the JSON of GET /healthz."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.address}/healthz") as answer:
            content: dict[str, object] = await answer.json()
            return content


@asynccontextmanager
async def bot_in_world(
    folder: Path, database_url: str, *, choices: str = QUICK, limits: Limits | None = None
) -> AsyncIterator[tuple[Story, BotProcess]]:
    """Serve a world and yield a bot for it that is not started yet; it is killed at the end."""
    world = World.create()
    world.slack.limits = limits or patient_limits()
    (folder / "switchboard.toml").write_text(choices, encoding="utf-8")
    async with running(world) as address:
        environment = {**world.environment(address), "DATABASE_URL": database_url}
        del environment["OPENAI_API_KEY"]
        bot = BotProcess(folder, environment, is_forked=True)
        try:
            yield Story(world, address, folder, environment), bot
        finally:
            await bot.kill()


async def command(folder: Path, environment: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    """Run a fork of `python bot.py …` to its end; returns the exit code and the output."""
    environment = _kept() | dict(environment)
    with tempfile.TemporaryDirectory() as beside:
        log = Path(beside) / LOG
        child = fork_server().fork(arguments, folder=folder, environment=environment, log=log)
        try:
            async with asyncio.timeout(PATIENCE):
                return await child.wait(), _read(log)
        finally:
            if child.returncode is None:
                child.kill()


async def _run(
    *arguments: str, folder: Path, environment: Mapping[str, str], output: IO[bytes]
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(BOT),
        *arguments,
        cwd=folder,
        env=_kept() | dict(environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=asyncio.subprocess.STDOUT,
    )


def _kept() -> dict[str, str]:
    return {name: os.environ[name] for name in _KEPT if name in os.environ}


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
