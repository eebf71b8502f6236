"""Render counts as a line of bars in text, where a picture is too much."""

from collections.abc import Sequence

_BARS = "▁▂▃▄▅▆▇█"


def sparkline(counts: Sequence[int]) -> str:
    """Render counts as a row of bars; empty without any."""
    highest = max(counts, default=0)
    if highest == 0:
        return ""
    return "".join(_BARS[round(count / highest * (len(_BARS) - 1))] for count in counts)
