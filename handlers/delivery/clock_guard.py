"""Keep a copy from sending and leading while its clock differs from that of the other copies.

What one copy is sending, another takes over when the lease is over by its own clock: with a clock that is
fast it would do so while the first still sends.
"""

import asyncio
import logging
from datetime import timedelta

from domain.clock import Clock
from domain.operations.clocks import deviation
from handlers.desk import Desk
from handlers.operations.marks import compare_clocks, server_time

log = logging.getLogger(__name__)

#: A longer wait for the database's time says too little of the difference.
_PATIENCE = 2.0  # seconds


class ClockGuard:
    """Compares this copy's clock with those of the other copies. `owner` names this copy."""

    def __init__(self, desk: Desk, clock: Clock, owner: str) -> None:
        self._desk = desk
        self._clock = clock
        self._owner = owner

    async def stands_back(self) -> bool:
        """Compare the clocks; return whether this copy must leave sending and leading to others."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        there = await self._desk.run(server_time)
        if there is None or loop.time() - began > _PATIENCE:
            return self._desk.clock_off is not None
        ahead = self._clock.now() - there
        others = await self._desk.run(compare_clocks, owner=self._owner, ahead=ahead)
        off = deviation(ahead, others)
        if (off is None) != (self._desk.clock_off is None):
            log.warning("%s", "the clocks of all copies agree again" if off is None else _warning(off))
        self._desk.clock_off = off
        return off is not None


def _warning(off: timedelta) -> str:
    return f"the clock differs by {off.total_seconds():.0f} s from another copy's: this one sends and leads nothing"
