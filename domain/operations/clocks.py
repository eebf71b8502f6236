"""Compare the clocks of several copies of the bot, each by how far it is ahead of the database's."""

from collections.abc import Iterable
from datetime import timedelta

#: By how much the clocks of two copies may differ.
SKEW = timedelta(seconds=10)


def deviation(ahead: timedelta, others: Iterable[timedelta]) -> timedelta | None:
    """Return by how much a copy's clock differs from another's that is nearer to the database's.

    `None` where there is none, or it differs by no more than `SKEW`. So one copy always goes on.
    """
    nearer = [other for other in others if (abs(other), other) < (abs(ahead), ahead)]
    widest = max((ahead - other for other in nearer), key=abs, default=timedelta())
    return widest if abs(widest) > SKEW else None
