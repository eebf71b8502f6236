"""Render counts as a line of bars in text, where a picture is too much."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean

_BARS = "▁▂▃▄▅▆▇█"
#: Bars that stand in one line of a phone (390 px); a longer row is broken in its middle.
MAX_BARS = 20


def sparkline(counts: Sequence[float]) -> str:
    """Render counts as a row of bars; empty without any."""
    highest = max(counts, default=0)
    if highest == 0:
        return ""
    return "".join(_BARS[round(count / highest * (len(_BARS) - 1))] for count in counts)


def averaged(counts: Sequence[int]) -> list[float]:
    """Return the means of as many neighbours as it takes for at most `MAX_BARS` bars.

    The first is that of what is left over: the newest are what is asked about.
    """
    together = -(-len(counts) // MAX_BARS) or 1
    left_over = len(counts) % together
    starts = [*([0] if left_over else []), *range(left_over, len(counts), together)]
    return [fmean(counts[since:until]) for since, until in pairwise([*starts, len(counts)])]
