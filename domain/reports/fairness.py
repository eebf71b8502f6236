"""Compare how customers of the same situation and urgency were treated; tell what is more than chance."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil, isinf, sqrt

from domain.reports.statistics import significant
from domain.reports.survival import Z_95, Score, Shift, Waited, detectable, rank_score, shift_of
from domain.reports.treatment import (
    WROTE_AGAIN_WITHIN,
    Group,
    Outcome,
    Trait,
    TreatedCase,
    compared_cases,
    groups_of,
)

#: With fewer on either side, in situations that both have, nothing is said.
MIN_CASES = 20
#: Of more on a side, a difference of waits is estimated by so many, evenly chosen; the test is by all.
MAX_ESTIMATED = 1_000
EXAMPLES = 2


class Verdict(StrEnum):
    """What a comparison found."""

    DIFFERENT = "different"
    NO_EVIDENCE = "no_evidence"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much a group differs from others, in seconds or as a share; `low` to `high` is 95 % sure.

    Where one of them is infinite, `value` is the other: it differs by so much at least. `detectable` is the
    difference that would have been found four times in five.
    """

    value: float
    low: float
    high: float
    detectable: float

    @property
    def is_open(self) -> bool:
        """Whether only the least difference is known."""
        return isinf(self.low) or isinf(self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A group compared with the others by one outcome, where what legitimately decides is the same.

    `cases` are those of the group, `others` those that they are compared with. `difference` is `None` where
    there are too few. Of waits it is in office hours, and `by_clock` the same by the clock. `examples` are
    cases of the group and of the others, in the situation that most of them share.
    """

    group: Group
    outcome: Outcome
    verdict: Verdict
    cases: int
    others: int
    difference: Difference | None = None
    by_clock: Difference | None = None
    examples: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """All comparisons of a period's cases, what was found first; `is_cut`: only the newest were read."""

    cases: int
    is_cut: bool
    comparisons: tuple[Comparison, ...]

    def having(self, verdict: Verdict) -> list[Comparison]:
        """Return the comparisons with a verdict."""
        return [one for one in self.comparisons if one.verdict is verdict]


_Stratum = tuple[list[TreatedCase], list[TreatedCase]]
_WaitOf = Callable[[TreatedCase], Waited]


@dataclass(frozen=True, slots=True)
class _Test:
    """A comparison that is not judged yet: `estimate` is `None` where there are too few cases.

    `by_clock` estimates the same wait by the clock.
    """

    comparison: Comparison
    p: float = 1.0
    estimate: Shift | None = None
    by_clock: Callable[[], Shift | None] = lambda: None


def compare_treatment(cases: Sequence[TreatedCase], *, is_cut: bool = False) -> Ledger:
    """Compare all groups by all outcomes; at most one ledger in twenty has a finding by chance (Holm)."""
    ordered = sorted(cases, key=lambda case: (case.office_wait.seconds, case.case_id))
    divided = _divided(ordered)
    tests = [test for group in groups_of(ordered) for test in _tests(group, divided)]
    able = [(test, test.estimate) for test in tests if test.estimate is not None]
    holds = significant([test.p for test, _ in able])
    judged = [
        (_judged(test, estimate, holds_too, len(able)), test.p)
        for (test, estimate), holds_too in zip(able, holds, strict=True)
    ]
    by_verdict = sorted(judged, key=lambda item: (item[0].verdict is not Verdict.DIFFERENT, item[1]))
    too_few = [test.comparison for test in tests if test.estimate is None]
    return Ledger(cases=len(cases), is_cut=is_cut, comparisons=(*(one for one, _ in by_verdict), *too_few))


def _judged(test: _Test, estimate: Shift, holds: bool, tests: int) -> Comparison:
    is_sure = holds and not estimate.low <= 0 <= estimate.high
    if estimate.is_open and not is_sure:
        return test.comparison
    by_clock = test.by_clock() if is_sure else None
    return replace(
        test.comparison,
        verdict=Verdict.DIFFERENT if is_sure else Verdict.NO_EVIDENCE,
        difference=_difference(estimate, tests),
        by_clock=None if by_clock is None else _difference(by_clock, tests),
        examples=test.comparison.examples if is_sure else ((), ()),
    )


def _difference(estimate: Shift, tests: int) -> Difference:
    return Difference(estimate.value, estimate.low, estimate.high, detectable(estimate.error, tests))


def _divided(cases: Sequence[TreatedCase]) -> list[list[TreatedCase]]:
    """Divide by what legitimately decides, once for all groups."""
    divided: dict[tuple[str, int, int], list[TreatedCase]] = {}
    for case in cases:
        divided.setdefault(case.stratum, []).append(case)
    return [cases for _, cases in sorted(divided.items())]


def _tests(group: Group, divided: Sequence[Sequence[TreatedCase]]) -> Iterator[_Test]:
    compared = [compared_cases(group, cases) for cases in divided]
    strata = _strata(_sides(pairs) for pairs in compared)
    answered = _strata((_answered(ours), _answered(others)) for ours, others in strata)
    yield _waits(group, strata)
    for outcome, holds in _SHARES.items():
        of_outcome = answered if outcome is Outcome.ASKED_AGAIN else strata
        held = (holds(case) for pairs in compared for case, _ in pairs)
        if _differs(held):  # else there is nothing to compare
            yield _shares(group, outcome, of_outcome, holds)


def _differs(held: Iterator[bool]) -> bool:
    """Return whether an outcome is not the same of all cases."""
    first = next(held, None)
    return any(one is not first for one in held)


def _sides(compared: Iterable[tuple[TreatedCase, bool]]) -> _Stratum:
    """Return the cases that are in a group, and the others."""
    sides: _Stratum = ([], [])
    for case, is_in in compared:
        sides[0 if is_in else 1].append(case)
    return sides


def _answered(side: Iterable[TreatedCase]) -> list[TreatedCase]:
    return [case for case in side if case.asked_again is not None]


def _strata(every: Iterable[_Stratum]) -> list[_Stratum]:
    """Leave out what only one side has."""
    return [(group, others) for group, others in every if group and others]


_SHARES: Mapping[Outcome, Callable[[TreatedCase], bool]] = {
    Outcome.MOVED: lambda case: case.moved,
    Outcome.RESOLVED: lambda case: case.resolved,
    Outcome.ASKED_AGAIN: lambda case: bool(case.asked_again),
}


def _comparison(group: Group, outcome: Outcome, strata: Sequence[_Stratum]) -> Comparison:
    cases, others = (sum(len(stratum[side]) for stratum in strata) for side in (0, 1))
    return Comparison(group=group, outcome=outcome, verdict=Verdict.TOO_FEW, cases=cases, others=others)


def _is_too_small(comparison: Comparison) -> bool:
    return min(comparison.cases, comparison.others) < MIN_CASES


def _waits(group: Group, strata: Sequence[_Stratum]) -> _Test:
    comparison = _comparison(group, Outcome.WAIT, strata)
    if _is_too_small(comparison):
        return _Test(comparison)
    is_later = group.trait is Trait.WROTE_AGAIN
    in_office, by_clock = (_office_wait_later, _wait_later) if is_later else (_office_wait, _wait)
    return _Test(
        replace(comparison, examples=_examples(strata)),
        rank_score(_waits_in(strata, in_office)).p,
        _shift(strata, in_office),
        lambda: _shift(strata, by_clock),
    )


def _shift(strata: Sequence[_Stratum], wait_of: _WaitOf) -> Shift | None:
    sides = (_evenly_chosen([stratum[side] for stratum in strata]) for side in (0, 1))
    chosen = zip(*sides, strict=True)
    return shift_of(_waits_in([(group, others) for group, others in chosen if group and others], wait_of))


def _evenly_chosen(lists: Sequence[list[TreatedCase]]) -> list[list[TreatedCase]]:
    """Return about `MAX_ESTIMATED` cases of lists that are ordered by the wait, each as likely as another.

    The count goes on from list to list: the first of each would be those that waited least.
    """
    every = ceil(sum(map(len, lists)) / MAX_ESTIMATED)
    chosen, at = [], every // 2
    for cases in lists:
        chosen.append(cases[at::every])
        at = (at - len(cases)) % every
    return chosen


def _waits_in(strata: Iterable[_Stratum], wait_of: _WaitOf) -> list[tuple[list[Waited], list[Waited]]]:
    return [
        ([wait_of(case) for case in group], [wait_of(case) for case in others]) for group, others in strata
    ]


def _shares(
    group: Group, outcome: Outcome, strata: Sequence[_Stratum], holds: Callable[[TreatedCase], bool]
) -> _Test:
    """Test a difference of shares and estimate it, by Cochran, Mantel and Haenszel."""
    comparison = _comparison(group, outcome, strata)
    if _is_too_small(comparison):
        return _Test(comparison)
    score, weights = Score(), 0.0
    for side, rest in strata:
        held, held_of_rest = sum(map(holds, side)), sum(map(holds, rest))
        part, count = held + held_of_rest, len(side) + len(rest)
        weights += len(side) * len(rest) / count
        variance = len(side) * len(rest) * part * (count - part) / (count**2 * (count - 1))
        score += Score(held - len(side) * part / count, variance)
    if not score.variance:  # of each stratum, all or none
        return _Test(comparison)
    value, margin = score.value / weights, Z_95 * sqrt(score.variance) / weights
    return _Test(
        replace(comparison, examples=_examples(strata)),
        score.p,
        Shift(value, value - margin, value + margin),
    )


def _examples(strata: Sequence[_Stratum]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return cases of both sides in the stratum with most to compare, those in the middle by their wait."""
    largest = max(strata, key=lambda stratum: min(map(len, stratum)))
    return _middle(largest[0]), _middle(largest[1])


def _middle(side: Sequence[TreatedCase]) -> tuple[int, ...]:
    """Return the cases in the middle; `side` is ordered by the wait."""
    ordered = [case for case in side if case.wait.answered] or side
    first = max(0, (len(ordered) - EXAMPLES) // 2)
    return tuple(case.case_id for case in ordered[first : first + EXAMPLES])


def _wait(case: TreatedCase) -> Waited:
    return case.wait


def _office_wait(case: TreatedCase) -> Waited:
    return case.office_wait


def _wait_later(case: TreatedCase) -> Waited:
    return Waited(case.wait.seconds - WROTE_AGAIN_WITHIN.total_seconds(), case.wait.answered)


def _office_wait_later(case: TreatedCase) -> Waited:
    return Waited(max(case.office_wait.seconds - case.office_before, 0.0), case.office_wait.answered)
