"""Posts into a channel reach the team chat apart, however unevenly they come out of the outbox."""

import asyncio
import time
from datetime import datetime, timedelta

from handlers.post_spacing import LONGEST, PostSpacing
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import NOW

SPACING = timedelta(milliseconds=40)


class RunningClock:
    """A clock that runs, and remembers what it said last."""

    said = NOW

    def now(self) -> datetime:
        """Return the time."""
        self.said = NOW + timedelta(seconds=time.monotonic())
        return self.said


async def test_a_late_post_and_the_next_are_still_apart_and_other_channels_do_not_wait() -> None:
    spacing, clock = PostSpacing(SPACING), RunningClock()
    posted: dict[str, list[datetime]] = {"C1": [], "C2": []}

    async def post(channel: str, drawn_in: float) -> None:
        await asyncio.sleep(drawn_in)
        await spacing.wait(channel, clock)
        # The moment from which the next is spaced: another look at the clock may be late on a busy machine.
        posted[channel].append(clock.said)

    late = post("C1", 0.03)
    began = clock.now()
    await asyncio.gather(late, post("C1", 0.032), post("C1", 0.05), post("C2", 0.032))
    first, second, third = posted["C1"]
    assert min(second - first, third - second) >= SPACING * 0.95
    assert posted["C2"][0] - began < third - began


async def test_a_clock_that_is_set_back_holds_nothing_up() -> None:
    spacing, clock = PostSpacing(), ManualClock()
    await spacing.wait("C1", clock)
    clock.advance(seconds=-2 * LONGEST.total_seconds())
    await asyncio.wait_for(spacing.wait("C1", clock), timeout=0.5)
