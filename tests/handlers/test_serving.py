"""Stop a bot that is told to while it still starts."""

import asyncio

from handlers.lifecycle import RunningBot
from handlers.serving import serve


class SlowBot:
    """A bot whose start takes a moment to end once it is cancelled, as `bot.Bot.start` does."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.begun = asyncio.Event()

    async def start(self) -> RunningBot:
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            self.told.append("start ended")
        raise AssertionError("unreachable")

    async def stop(self) -> None:
        self.told.append("stopped")
        await asyncio.sleep(0.02)


async def test_nothing_is_closed_while_the_start_still_uses_it() -> None:
    bot, stop = SlowBot(), asyncio.Event()
    serving = asyncio.create_task(serve(bot, stop))
    await bot.begun.wait()
    stop.set()
    await serving
    assert bot.told == ["start ended", "stopped"]
