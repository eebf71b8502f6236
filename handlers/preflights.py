"""Ask destinations whom a notice would reach, each with a timeout, and keep the answers a minute."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.outages.destinations import Destination, Destinations, Preflight

log = logging.getLogger(__name__)

KEPT = timedelta(minutes=1)
PATIENCE = 8.0  # seconds


@dataclass(slots=True)
class Preflights:
    """The newest answers of destinations, by name."""

    _answers: dict[str, tuple[datetime, Preflight]] = field(default_factory=dict)

    def known(self, now: datetime) -> dict[str, Preflight]:
        """Return the answers of the last minute; none from the future, which the clock was set back from."""
        return {
            name: answer for name, (at, answer) in self._answers.items() if timedelta(0) <= now - at < KEPT
        }

    def last(self, name: str) -> Preflight | None:
        """Return the newest answer of a destination, however old; `None` where it was never asked."""
        _, answer = self._answers.get(name, (None, None))
        return answer

    async def ask(self, destinations: Destinations, names: Collection[str], *, now: datetime) -> None:
        """Ask those of which no answer is known; each answer is known as soon as it is there."""
        missing = [name for name in names if name in destinations and name not in self.known(now)]

        async def ask_one(name: str) -> None:
            self._answers[name] = now, await _ask(name, destinations[name].client)

        await asyncio.gather(*map(ask_one, missing))


async def _ask(name: str, client: Destination) -> Preflight:
    try:
        async with asyncio.timeout(PATIENCE):
            return await client.preflight()
    except TimeoutError:
        return Preflight(refusal=f"it did not answer within {PATIENCE:.0f} seconds")
    except Exception:
        log.exception("%s could not be asked about a notice", name)
        return Preflight(refusal="it could not be asked; the log says why")
