"""Find what got worse since the period before, by more than chance."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.reports.figures import Figures, PeriodReport
from domain.reports.statistics import (
    dispersion,
    p_larger_share,
    p_lower_mean,
    p_more_events,
    share_of,
    significant,
)
from domain.triage.situations import Situation

#: More of these is nothing bad.
_WELCOME = frozenset({Situation.PRAISE.value})
#: A mean or a share that has changed by less is not told, however sure it is.
_LEAST_SENTIMENT = 0.05
_LEAST_SHARE = 0.02
#: Of a count, less than which is no rise.
LEAST_RISE = 0.1


class ChangeKind(StrEnum):
    """What got worse: more cases of a situation, a share that rose, a mean that fell."""

    SITUATION = "situation"
    LATE_FIRST = "late_first"
    LATE_NEXT = "late_next"
    STILL_BROKEN = "still_broken"
    SENTIMENT = "sentiment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that got worse. `now` and `before` are counts, shares, or means, as the kind says.

    `key` is the situation of `SITUATION`, empty for the others.
    """

    kind: ChangeKind
    key: str = ""
    now: float
    before: float


@dataclass(frozen=True, slots=True)
class _Test:
    change: Change
    p: float
    is_large: bool


def find_changes(report: PeriodReport) -> list[Change]:
    """Return what got worse, the surest first; at most one report in twenty has a finding by chance.

    Nothing where there was nothing before.
    """
    if report.before.is_empty:
        return []
    tests = [*_more_cases(report), *_larger_shares(report.figures, report.before), *_lower_sentiment(report)]
    holds = significant([test.p for test in tests])
    worse = [test for test, holds_too in zip(tests, holds, strict=True) if holds_too and test.is_large]
    return [test.change for test in sorted(worse, key=lambda test: test.p)]


def _more_cases(report: PeriodReport) -> Iterable[_Test]:
    now, before = report.figures.count_by("situation"), report.before.count_by("situation")
    exposure = report.period.seconds / report.period.before.seconds
    excess = dispersion([[day.cases for day in one.days] for one in (report.figures, report.before)]) - 1
    total = max(sum(now.values()) + sum(before.values()), 1)
    for situation in sorted((now.keys() | before.keys()) - _WELCOME):
        counts = now[situation], before[situation]
        # Days that differ do so by a share of their level: a small part of the cases scatters less.
        scatter = 1 + excess * sum(counts) / total
        change = Change(kind=ChangeKind.SITUATION, key=situation, now=counts[0], before=counts[1])
        is_large = counts[0] >= (1 + LEAST_RISE) * exposure * counts[1]
        yield _Test(change, p_more_events(*counts, exposure=exposure, scatter=scatter), is_large)


def _larger_shares(figures: Figures, before: Figures) -> Iterable[_Test]:
    for kind, part_of in _SHARES.items():
        now, then = part_of(figures), part_of(before)
        share, share_before = share_of(*now) or 0.0, share_of(*then) or 0.0
        change = Change(kind=kind, now=share, before=share_before)
        yield _Test(change, p_larger_share(now, then), share - share_before >= _LEAST_SHARE)


#: By kind, the part and the whole of a share that is bad.
_SHARES: dict[ChangeKind, Callable[[Figures], tuple[int, int]]] = {
    ChangeKind.LATE_FIRST: lambda of: (
        of.responses.first.late,
        of.responses.first.late + of.responses.first.in_target,
    ),
    ChangeKind.LATE_NEXT: lambda of: (
        of.responses.next.late,
        of.responses.next.late + of.responses.next.in_target,
    ),
    ChangeKind.STILL_BROKEN: lambda of: (of.responses.still_broken, of.responses.answers),
}


def _lower_sentiment(report: PeriodReport) -> Iterable[_Test]:
    now, before = report.figures.sentiment, report.before.sentiment
    if now.mean is None or before.mean is None:
        return
    change = Change(kind=ChangeKind.SENTIMENT, now=now.mean, before=before.mean)
    yield _Test(change, p_lower_mean(now, before), before.mean - now.mean >= _LEAST_SENTIMENT)
