"""Meter the cost of calls: X is paid per call, and a resource is charged once a day (UTC)."""

from collections.abc import Callable, Iterable

from sandbox.x.problems import credits_depleted, usage_capped

SECONDS_PER_DAY = 86_400

DOLLARS: dict[str, float] = {
    "post read": 0.005,
    "own mention read": 0.001,
    "user read": 0.010,
    "post": 0.015,
    "summoned reply": 0.010,
    "post with url": 0.200,
    "dm read": 0.010,
    "dm send": 0.015,
}


class Meter:
    """Sum of the charges.

    `credit` is what is left in dollars, `cap` the number of posts that may be read; None: unlimited.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.credit: float | None = None
        self.cap: int | None = None
        self.spent = 0.0
        self.posts_read = 0
        self.counts: dict[str, int] = dict.fromkeys(DOLLARS, 0)
        self._clock = clock
        self._day = 0
        self._charged: set[str] = set()

    def admit(self, *, reads_posts: bool) -> None:
        """Check that a call may begin.

        Raises Problem: 402 when the credit is gone, 429 when the cap is reached.
        """
        if self.credit is not None and self.credit <= 0:
            raise credits_depleted()
        if reads_posts and self.cap is not None and self.posts_read >= self.cap:
            raise usage_capped()

    def charge(self, kind: str, resource_ids: Iterable[str]) -> float:
        """Charge for resources of one kind, each once a day; returns the dollars of this call."""
        self._reset_on_new_day()
        fresh = {f"{kind.rpartition(' ')[2]}:{i}" for i in resource_ids} - self._charged
        self._charged |= fresh
        dollars = DOLLARS[kind] * len(fresh)
        self.counts[kind] += len(fresh)
        if kind in ("post read", "own mention read"):
            self.posts_read += len(fresh)
        self.spent += dollars
        if self.credit is not None:
            self.credit -= dollars
        return dollars

    def _reset_on_new_day(self) -> None:
        day = int(self._clock() // SECONDS_PER_DAY)
        if day != self._day:
            self._day = day
            self._charged.clear()
