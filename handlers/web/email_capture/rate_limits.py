"""How often one visitor may look at the page, and send it."""

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

_LOOKS: RateLimitItem = RateLimitItemPerMinute(60)
_SENDS: RateLimitItem = RateLimitItemPerMinute(20)
_SENDS_OF_LINK: RateLimitItem = RateLimitItemPerHour(30)


class Limits:
    """Counts by the visitor's network address, and by the link. Each copy of the bot counts for itself."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def may_look(self, who: str) -> bool:
        """Whether this visitor may see the page now."""
        return self._limiter.hit(_LOOKS, "look", who)

    def may_send(self, who: str, link: str) -> bool:
        """Whether this visitor may send this link's form now."""
        return self._limiter.hit(_SENDS, "send", who) and self._limiter.hit(_SENDS_OF_LINK, "link", link)
