"""Run the bot as if it were later: `python later_bot.py SECONDS bot.py`, and nothing of the bot knows.

Started as a program by `sandbox.bot_process`; the bot's one clock is given the time of the pretend world.
"""

import sys
from datetime import datetime, timedelta
from pathlib import Path


def main(ahead: timedelta, program: Path) -> int:
    """Run the bot `ahead` of the computer's time; returns its exit code."""
    sys.path[0] = str(program.parent)
    import bot

    class LaterClock(bot.SystemClock):
        def now(self) -> datetime:
            return super().now() + ahead

    bot.SystemClock = LaterClock  # type: ignore[misc]  # in place of the class, for this process alone
    return bot.main(["run"])


if __name__ == "__main__":
    sys.exit(main(timedelta(seconds=float(sys.argv[1])), Path(sys.argv[2])))
