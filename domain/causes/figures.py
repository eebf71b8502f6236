"""Count a cause in a period, and before and after its fix."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.causes.cause import Cause
from domain.causes.trends import Counts, Trend, trends

#: So long before and after a fix cases are counted.
AROUND_FIX = timedelta(days=28)
_DAY = timedelta(days=1)

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class FixFigures:
    """The cases of a cause from `since` until its fix, and from then until `until`."""

    since: datetime
    fixed_at: datetime
    until: datetime
    before: int
    after: int
    trend: Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseFigures:
    """A cause with its cases of a period by day, those of the period before, and who waits for us now.

    `fix` is `None` where it is not fixed.
    """

    cause: Cause
    days: Sequence[int]
    before: int
    waiting: int
    fix: FixFigures | None = None

    @property
    def count(self) -> int:
        """Its cases of the period."""
        return sum(self.days)


def spans_around(cause: Cause, now: datetime) -> tuple[Sequence[Span], Sequence[Span]]:
    """Return the days before and after the fix of a cause, each of 24 hours; empty where it is not fixed."""
    if cause.fixed_at is None:
        return (), ()
    since = max(cause.since, cause.fixed_at - AROUND_FIX)
    until = min(now, cause.fixed_at + AROUND_FIX)
    return _days(since, cause.fixed_at), _days(cause.fixed_at, until)


def fixes(
    causes: Sequence[Cause], counts: Sequence[tuple[Sequence[int], Sequence[int]]], now: datetime
) -> list[FixFigures | None]:
    """Return what the fix of each cause did, by its counts in `spans_around`; `None` where there is none.

    More or fewer is said where it is more than chance, all causes together.
    """
    around = [spans_around(cause, now) for cause in causes]
    found = trends(
        [
            Counts(now=after, before=before, exposure=_exposure(spans))
            for (before, after), spans in zip(counts, around, strict=True)
        ]
    )
    return [
        _fix(cause, spans, sum(before), sum(after), trend)
        for cause, spans, (before, after), trend in zip(causes, around, counts, found, strict=True)
    ]


def _fix(
    cause: Cause, spans: tuple[Sequence[Span], Sequence[Span]], before: int, after: int, trend: Trend
) -> FixFigures | None:
    if cause.fixed_at is None or not all(spans):
        return None
    return FixFigures(
        since=spans[0][0][0],
        fixed_at=cause.fixed_at,
        until=spans[1][-1][1],
        before=before,
        after=after,
        trend=trend,
    )


def _exposure(spans: tuple[Sequence[Span], Sequence[Span]]) -> float:
    before, after = spans
    if not before or not after:
        return 0.0
    return (after[-1][1] - after[0][0]) / (before[-1][1] - before[0][0])


def _days(since: datetime, until: datetime) -> list[Span]:
    found = []
    while since < until:
        found.append((since, min(since + _DAY, until)))
        since += _DAY
    return found
