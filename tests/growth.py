"""Measure how the time of reading a text grows with its length, by the processor's time in one run."""

import time
from collections.abc import Callable

SHORT, LONG = 2_000, 20_000  # characters
_MOST = 40  # times as long for ten times the length; a quadratic one takes a hundred
_TRIES = 3
_FLOOR = 0.002  # seconds; less is noise


def repeated(piece: str, length: int) -> str:
    """Return a text of this length that repeats the piece."""
    return (piece * (length // len(piece) + 1))[:length]


def assert_linear(read: Callable[[str], object], piece: str, *, short: int = SHORT, long: int = LONG) -> None:
    """Fail where reading ten times as much takes far more than ten times as long, each time it is tried.

    `long` is ten times `short`, both in characters: where a step is cheap, only a long text shows its growth.
    The processor's time of one reading also grows with what else the machine does.
    """

    def seconds(length: int) -> float:
        text = repeated(piece, length)
        started = time.process_time()
        read(text)
        return time.process_time() - started

    most = _MOST * max(min(seconds(short) for _ in range(_TRIES)), _FLOOR)
    assert any(seconds(long) <= most for _ in range(_TRIES))
