"""X's rate limits: calls per endpoint in a window of 15 minutes, and of some in a day."""

from collections.abc import Callable

from sandbox.x.problems import rate_limited

WINDOW_SECONDS = 15 * 60
DAY_SECONDS = 24 * 3600

PER_USER: dict[str, int] = {
    "GET /2/users/me": 75,
    "GET /2/users/:id": 900,
    "GET /2/users/by/username/:username": 900,
    "GET /2/users/:id/mentions": 300,
    "GET /2/users/:id/tweets": 900,
    "GET /2/tweets/search/recent": 300,
    "GET /2/tweets": 5000,
    "GET /2/tweets/:id": 900,
    "POST /2/tweets": 100,
    "DELETE /2/tweets/:id": 50,
    "POST /2/media/upload": 500,
    "GET /2/dm_events": 15,
    "GET /2/dm_conversations/with/:participant_id/dm_events": 15,
    "POST /2/dm_conversations/with/:participant_id/messages": 15,
    "GET /2/activity/stream": 50,
    "GET /2/activity/subscriptions": 500,
    "POST /2/activity/subscriptions": 500,
}
PER_DAY: dict[str, int] = {"POST /2/dm_conversations/with/:participant_id/messages": 1440}


class RateLimits:
    """Count calls per endpoint; the limits (calls per window) may be changed while it runs."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.limit = dict(PER_USER)
        self.per_day = dict(PER_DAY)
        self.window_seconds = float(WINDOW_SECONDS)
        self._clock = clock
        self._windows: dict[str, tuple[float, int]] = {}

    def spend(self, call: str) -> dict[str, str]:
        """Count one call and return its rate limit headers. Raises Problem (429) when none is left."""
        rules = [("x-rate-limit", call, self.limit[call], self.window_seconds)]
        if call in self.per_day:
            rules.append(("x-user-limit-24hour", f"{call} a day", self.per_day[call], DAY_SECONDS))
        headers: dict[str, str] = {}
        for prefix, name, limit, seconds in rules:
            ends, used = self._window(name, seconds)
            headers |= {
                f"{prefix}-limit": str(limit),
                f"{prefix}-remaining": str(max(0, limit - used - 1)),
                f"{prefix}-reset": str(int(ends) + 1),
            }
        if any(self._window(name, seconds)[1] >= limit for _, name, limit, seconds in rules):
            raise rate_limited(headers)
        for _, name, _, seconds in rules:
            ends, used = self._window(name, seconds)
            self._windows[name] = (ends, used + 1)
        return headers

    def _window(self, name: str, seconds: float) -> tuple[float, int]:
        """Return the end of the current window, and the number of calls in it."""
        ends, used = self._windows.get(name, (0.0, 0))
        now = self._clock()
        return (now + seconds, 0) if now >= ends else (ends, used)
