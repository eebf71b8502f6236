"""X's rate limits: so many calls of one endpoint in a window of 15 minutes."""

from collections.abc import Callable

from sandbox.x.problems import rate_limited

WINDOW_SECONDS = 15 * 60

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
}


class RateLimits:
    """Counts calls per endpoint; the limits (calls per window) may be changed while it runs."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.limit = dict(PER_USER)
        self.window_seconds = float(WINDOW_SECONDS)
        self._clock = clock
        self._windows: dict[str, tuple[float, int]] = {}

    def spend(self, call: str) -> dict[str, str]:
        """Count one call and return the headers for its answer. Raises Problem (429) when none is left."""
        now = self._clock()
        ends, used = self._windows.get(call, (0.0, 0))
        if now >= ends:
            ends, used = now + self.window_seconds, 0
        limit = self.limit[call]
        headers = {
            "x-rate-limit-limit": str(limit),
            "x-rate-limit-remaining": str(max(0, limit - used - 1)),
            "x-rate-limit-reset": str(int(ends) + 1),
        }
        if used >= limit:
            raise rate_limited(headers)
        self._windows[call] = (ends, used + 1)
        return headers
