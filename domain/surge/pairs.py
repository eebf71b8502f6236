"""Test two situations together: an outage shows in several, and in each of them by fewer posts.

A pair is tested where one of the two has clearly too many posts, and yet not so many that they are rare
enough alone.
"""

import math
from collections.abc import Callable, Mapping

from domain.surge.detection import Budget, Excess, Watched
from domain.surge.negative_binomial import log_tail
from domain.surge.series import Series

#: By how much of the squared mean two series vary together: on good and bad days all of them do.
_SHARED_SPREAD = 0.02
#: Standard deviations by which the first of a pair must be above the usual.
_SUSPICIOUS = 2.5


def find_pair(
    first: Watched, partners: Callable[[], Mapping[Series, Watched]], budget: Budget
) -> tuple[Series, Excess] | None:
    """Return the partner together with which the posts of `first` are the most below their threshold.

    The excess has the count of `first` and what is usual there, and the probability of both counts. Returns
    `None` where no pair is rare enough. `partners` is called where `first` is suspicious.
    """
    best: tuple[Series, Excess] | None = None
    now = first.now
    for window, count in first.windows():
        begin, own = now - window, first.expected(window)
        if count <= own.mean + _SUSPICIOUS * math.sqrt(own.variance):
            continue
        for series, other in partners().items():
            if not other.begins(window):
                continue
            names = other.times.names(begin, now)
            usual = other.expected(window)
            if len(names) <= usual.mean:
                continue
            together = len(names | first.times.names(begin, now))
            mean = own.mean + usual.mean
            variance = own.variance + usual.variance + 2 * _SHARED_SPREAD * own.mean * usual.mean
            log_p = min(own.tail, usual.tail) * log_tail(together, mean, variance)
            margin = budget.log_threshold(window) - log_p
            if margin > (best[1].margin if best else 0.0):
                excess = Excess(window=window, count=count, expected=own.mean, log_p=log_p, margin=margin)
                best = series, excess
    return best
