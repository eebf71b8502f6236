"""Run the bot as if it were later: `python later_bot.py SECONDS bot.py`, and nothing of the bot knows.

Started as a program by `sandbox.bot_process`; the bot's one clock is given the time of the pretend world.
"""

import importlib
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any


def main(ahead: timedelta, program: Path) -> int:
    """Run the bot `ahead` of the computer's time; returns its exit code."""
    sys.path[0] = str(program.parent)
    bot = importlib.import_module(program.stem)

    its_now = bot.SystemClock.now

    def later(clock: Any) -> datetime:  # noqa: ANN401 - the bot's own class, which is not imported here
        now: datetime = its_now(clock)
        return now + ahead

    bot.SystemClock.now = later  # for this process alone
    code: int = bot.main(["run"])
    return code


if __name__ == "__main__":
    sys.exit(main(timedelta(seconds=float(sys.argv[1])), Path(sys.argv[2])))
