"""Run the real bot as a child process of the demo, and start it again whenever it ends."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sandbox.clock import WorldClock

LOG = "bot.log"
STOP_SECONDS = 20.0
#: A bot that ends by itself so soon after its start, so many times in a row, is not started again.
SOON, TIMES = 10.0, 3
#: The bot's exit code for an error that its user can fix, as a mistake in its settings.
FIXABLE = 2
RESTART_SECONDS = 1.0  # long enough to be seen in the page
CHILD_BOT = Path(__file__).with_name("child_bot.py")


class BotProcess:
    """The bot in a folder, as its user would run it: only the environment tells it where the world is.

    Where this process is killed, the bot ends and the folder is removed.

    `tell` is called with a line for whoever reads the terminal.
    """

    def __init__(
        self,
        program: Path,
        folder: Path,
        environment: Mapping[str, str],
        *,
        clock: WorldClock,
        report: Callable[[str], None],
    ) -> None:
        self._program = program
        self._folder = folder
        self._environment = {**os.environ, **environment}
        self._clock = clock
        self._report = report
        self._child: asyncio.subprocess.Process | None = None
        self._starts = 0
        self._ended = ""
        self._stopping = asyncio.Event()
        self._is_asked = False
        self._log_start = 0

    def status(self) -> dict[str, Any]:
        """Return how often it was started, and how it ended last, as JSON."""
        return {"starts": self._starts, "ended": self._ended}

    def log_tail(self, lines: int = 15) -> str:
        """Return the end of its log, since it was started last."""
        text = (self._folder / LOG).read_bytes()[self._log_start :].decode("utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    async def run(self) -> str:
        """Run it until it is stopped, or ends by itself again and again; return why it was given up.

        An error that its user can fix does so at once where the next start ends in the same one, and is not
        told before: it may pass, as when a database is locked. Empty where it was stopped.
        """
        quick = 0
        error = ""
        while not self._stopping.is_set() and quick < TIMES:
            started = time.monotonic()
            code = await self._run_once()
            if self._stopping.is_set():
                return ""
            before, error = error, self.log_tail() if code == FIXABLE else ""
            if error and error == before:
                return f"The bot cannot start, and is not started again:\n{error}"
            # Whoever kills it, by the page's button or from a terminal, may do so as often as they like.
            is_wished = self._is_asked or code == -signal.SIGKILL
            quick = 0 if is_wished or time.monotonic() - started > SOON else quick + 1
            if not self._is_asked:
                self._ended = _how_it_ended(code)
            if not self._is_asked and code != FIXABLE:
                self._report(f"The bot {self._ended}. It is started again; what was under way goes on.")
            self._is_asked = False
            await asyncio.sleep(RESTART_SECONDS)
        if self._stopping.is_set():
            return ""
        return f"The bot stopped by itself again and again. The end of its log:\n{self.log_tail()}"

    def kill(self) -> None:
        """Kill it in the middle of whatever it does: SIGKILL, which it cannot prepare for."""
        if self._child is not None and self._child.returncode is None:
            self._child.kill()

    def skip(self, seconds: float) -> None:
        """End it, and go on later, with the world."""
        self._clock.skip(seconds)
        if self._child is not None and self._child.returncode is None:
            self._is_asked = True
            self._child.terminate()

    async def stop(self) -> None:
        """End it for good; it may finish what is under way."""
        self._stopping.set()
        child = self._child
        if child is None:
            return
        if child.returncode is None:
            child.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await child.wait()
        except TimeoutError:
            child.kill()
            await child.wait()

    async def _run_once(self) -> int:
        child = [str(CHILD_BOT), str(self._clock.ahead), str(self._program), str(self._folder)]
        with (self._folder / LOG).open("ab") as log:
            self._log_start = log.tell()
            self._child = await asyncio.create_subprocess_exec(
                sys.executable,
                *child,
                cwd=self._folder,
                env=self._environment,
                stdin=asyncio.subprocess.PIPE,  # ends with this process, by which the child knows
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            self._starts += 1
            if self._stopping.is_set():  # `stop` saw the one before
                self._child.terminate()
            return await self._child.wait()


def _how_it_ended(code: int) -> str:
    if code >= 0:
        return f"stopped by itself (exit code {code})"
    name = str(-code)
    with contextlib.suppress(ValueError):
        name = signal.Signals(-code).name
    return f"was killed ({name})"
