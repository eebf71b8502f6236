"""Decide whether heads that were trained on the desk's examples may replace those that they started from.

The method is explained in docs/words.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import comb

from domain.knowledge.desk_examples import Comparison
from domain.knowledge.labelled_posts import LabelledPost
from domain.triage.assessment import Assessment, Urgency

#: Losses that outnumber gains count where chance has them so less often than this.
_CHANCE = 0.05

OURS, DESKS = "ours", "desk's"
SITUATION, HIGH, NOT_HIGH = "situation", "high", "not high"


@dataclass(frozen=True, slots=True)
class Reading:
    """A labelled post, and how it is read before and after a training."""

    post: LabelledPost
    before: Assessment
    after: Assessment


def comparisons(readings: Sequence[Reading], *, source: str) -> list[Comparison]:
    """Compare situation, high posts and other posts; leave out what no post is labelled with.

    `source` begins the names: whose posts they are.
    """
    urgent = [reading for reading in readings if _is_high(reading.post.urgency)]
    calm = [r for r in readings if r.post.urgency is not None and not _is_high(r.post.urgency)]
    about = [reading for reading in readings if reading.post.situation is not None]
    found = (
        _compared(
            f"{source} {SITUATION}",
            [(_is_right(r.post, r.before), _is_right(r.post, r.after)) for r in about],
        ),
        _compared(
            f"{source} {HIGH}", [(_is_high(r.before.urgency), _is_high(r.after.urgency)) for r in urgent]
        ),
        _compared(
            f"{source} {NOT_HIGH}",
            [(not _is_high(r.before.urgency), not _is_high(r.after.urgency)) for r in calm],
        ),
    )
    return [comparison for comparison in found if comparison.count]


def _compared(name: str, pairs: Sequence[tuple[bool, bool]]) -> Comparison:
    return Comparison(
        name=name,
        count=len(pairs),
        before=sum(before for before, _ in pairs),
        lost=sum(before and not after for before, after in pairs),
        won=sum(after and not before for before, after in pairs),
    )


def _is_right(post: LabelledPost, assessment: Assessment) -> bool:
    return post.admits(assessment.situation)


def _is_high(urgency: Urgency | None) -> bool:
    return urgency is not None and urgency >= Urgency.HIGH


def is_accepted(found: Iterable[Comparison]) -> bool:
    """Return whether no comparison got worse by more than chance."""
    return not any(map(got_worse, found))


def got_worse(comparison: Comparison) -> bool:
    """Return whether more posts were lost than won, by more than chance (exact one-sided McNemar test)."""
    changed = comparison.lost + comparison.won
    ways = sum(comb(changed, lost) for lost in range(comparison.lost, changed + 1))
    return ways < _CHANCE * (1 << changed)
