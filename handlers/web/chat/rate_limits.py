"""How often an address, or a conversation, may ask for something. Counted in memory, by each copy of the bot for itself."""

from dataclasses import dataclass

from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from handlers.web.chat.errors import TOO_FAST, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What is allowed. Of an address, behind which many people may be: `links` looked at and opened, `requests` of any kind. Of one conversation: the rest."""

    links: str = "40/minute"
    requests: str = "600/minute"
    messages: str = "30/minute"
    files: str = "10/minute"
    notes: str = "120/minute"
    transcripts: str = "10/hour"
    ratings: str = "10/hour"
    streams: int = 10  # at the same time


class Limiter:
    """Counts, and refuses what is too much."""

    def __init__(self, rates: Rates) -> None:
        self.rates = rates
        self._counter = FixedWindowRateLimiter(MemoryStorage())

    async def count(self, rate: str, kind: str, of: str) -> None:
        """Count one more; raises `Refusal` where that is too many."""
        if not await self._counter.hit(parse(rate), kind, of):
            raise Refusal(429, TOO_FAST)
