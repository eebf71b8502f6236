"""Rate limits per method and channel in a sliding window.

Above them 429 until the oldest call has left it.
"""

import math
from collections import defaultdict, deque
from collections.abc import Callable

from sandbox.slack.errors import SlackError
from sandbox.slack.limits import Limits

SPECIAL = 0


class RateLimits:
    """The windows of one workspace; `limits` is called each time, so they can be changed."""

    def __init__(self, limits: Callable[[], Limits], clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._calls: dict[str, deque[float]] = defaultdict(deque)

    def method(self, name: str, tier: int) -> None:
        """Count a call of a method of Slack's `tier`; raises `ratelimited` above the limit."""
        allowed = {
            SPECIAL: self._limits().posts_per_minute,
            2: self._limits().tier2,
            3: self._limits().tier3,
            4: self._limits().tier4,
        }[tier]
        burst = self._limits().update_burst if name == "chat.update" else 0
        self._count_call(name, allowed + burst, 60.0)

    def post(self, channel: str) -> None:
        """Count a message into a channel: one a second, and a small burst; raises `ratelimited`."""
        allowed = 1 + self._limits().post_burst
        self._count_call(f"post:{channel}", allowed, float(allowed))

    def _count_call(self, window: str, allowed: int, seconds: float) -> None:
        if not self._limits().paced:
            return
        now = self._clock()
        calls = self._calls[window]
        while calls and calls[0] <= now - seconds:
            calls.popleft()
        if len(calls) >= allowed:
            wait = max(1, math.ceil(calls[0] + seconds - now))
            raise SlackError("ratelimited", status=429, headers={"Retry-After": str(wait)})
        calls.append(now)
