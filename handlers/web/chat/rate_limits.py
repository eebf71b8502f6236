"""Rate limit the chat's requests by address and by conversation, in memory, so per copy of the bot."""

from dataclasses import dataclass

from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from handlers.web.chat.errors import TOO_FAST, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The limits: `links` and `requests` per address, the rest per conversation.

    `links` counts checking and opening links, `receipts` read receipts, `requests` requests of any kind.
    Many people may share an address.
    """

    links: str = "40/minute"
    requests: str = "600/minute"
    messages: str = "30/minute"
    files: str = "10/minute"
    receipts: str = "120/minute"
    transcripts: str = "10/hour"
    ratings: str = "10/hour"
    streams: int = 10  # at the same time


class Limiter:
    """Fixed-window rate limiter."""

    def __init__(self, rates: Rates) -> None:
        self.rates = rates
        self._counter = FixedWindowRateLimiter(MemoryStorage())

    async def count(self, rate: str, kind: str, key: str) -> None:
        """Count one request under `key`; raises `Refusal` if it exceeds the limit."""
        if not await self._counter.hit(parse(rate), kind, key):
            raise Refusal(429, TOO_FAST)
