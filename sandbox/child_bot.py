"""Run the bot as a part of the pretend world: `python child_bot.py SECONDS bot.py FOLDER`.

Started as a program by `sandbox.bot_process`, in a process group of its own; nothing of the bot knows. With
more than 0 seconds, the bot's one clock is ahead of the computer's by them. Standard input ends when the demo
is gone, even by SIGKILL: then the bot ends, and its folder is removed.
"""

import importlib
import os
import runpy
import shutil
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any


def main(ahead: timedelta, program: Path, folder: Path) -> int:
    """Run the bot `ahead` of the computer's time; returns its exit code."""
    Thread(target=_end_with_the_demo, args=[folder], daemon=True).start()
    sys.path[0] = str(program.parent)
    if not ahead:
        sys.argv = [str(program), "run"]
        runpy.run_path(str(program), run_name="__main__")
        return 0

    bot = importlib.import_module(program.stem)
    its_now = bot.SystemClock.now

    def later(clock: Any) -> datetime:  # noqa: ANN401 - the bot's own class, which is not imported here
        now: datetime = its_now(clock)
        return now + ahead

    bot.SystemClock.now = later  # for this process alone
    code: int = bot.main(["run"])
    return code


def _end_with_the_demo(folder: Path) -> None:
    """Wait for the end of standard input, then end this process and its children."""
    while os.read(0, 1):
        pass
    shutil.rmtree(folder, ignore_errors=True)
    os.killpg(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(timedelta(seconds=float(sys.argv[1])), Path(sys.argv[2]), Path(sys.argv[3])))
