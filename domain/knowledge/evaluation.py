"""Measure how well posts are classified: shares, F1, calibration, with bootstrap intervals.

The definitions are explained in docs/words.md.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeAlias

from domain.knowledge.labelled_posts import LabelledPost
from domain.replies.rules_of_engagement import RuleViolation
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation

#: Situations in which a post of high urgency is grave.
GRAVE = frozenset({Situation.SAFETY_OR_LEGAL, Situation.CANNOT_PAY, Situation.ACCOUNT_ACCESS})
RESAMPLES = 1_000
#: Beyond these a tone is negative or positive: found by cross-validation over brands, see docs/words.md.
NEGATIVE_TO = -0.4
POSITIVE_FROM = 0.15
#: The figures of the saved replies.
OF_REPLIES = ("right reply first", "right reply among three")
#: The figures of what is suggested, by the rules of engagement.
OF_SUGGESTIONS = ("suggestions asked about", "suggestions blocked")
#: The figures of a model's drafts.
OF_DRAFTS = ("posts with a draft", "draft cites the right reply")
_CALIBRATION_BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What became of a draft: the saved replies that it cites, or why there is none."""

    cited: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled post with what was made of it.

    `probability` is that of the assessment's situation, `None` where the classifier does not estimate one.
    `replies` are the names of the saved replies, the best first; empty where they were not ranked.
    `violations` are the rules of engagement that the suggestion breaks, `None` where none was made. `draft`
    is the model's, `None` where it was not asked.
    """

    post: LabelledPost
    assessment: Assessment
    probability: float | None = None
    replies: tuple[str, ...] = ()
    violations: tuple[RuleViolation, ...] | None = None
    draft: Drafted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured value with its 95 % interval, from `count` posts; all `None` and 0 where none had labels.

    `more_is_better` is false for error rates.
    """

    name: str
    more_is_better: bool
    value: float | None = None
    low: float | None = None
    high: float | None = None
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationReport:
    """The figures, and the confusion table: counts by (label, prediction)."""

    figures: tuple[Figure, ...]
    confusion: Mapping[tuple[Situation, Situation], int] = field(default_factory=dict)


Rows: TypeAlias = Sequence[Judged]


@dataclass(frozen=True, slots=True)
class _Measure:
    name: str
    applies: Callable[[Judged], bool]
    compute: Callable[[Rows], float]
    more_is_better: bool = True


def evaluate(rows: Rows, *, resamples: int = RESAMPLES) -> EvaluationReport:
    """Compute all figures. Intervals are percentiles of a bootstrap over brands (over posts without one)."""
    figures = tuple(_figure(measure, rows, resamples=resamples) for measure in _MEASURES)
    labels = ((row.post.situation, row.assessment.situation) for row in rows)
    return EvaluationReport(
        figures=figures,
        confusion=Counter((label, predicted) for label, predicted in labels if label is not None),
    )


def _figure(measure: _Measure, rows: Rows, *, resamples: int) -> Figure:
    relevant = [row for row in rows if measure.applies(row)]
    if not relevant:
        return Figure(name=measure.name, more_is_better=measure.more_is_better)
    values = sorted(measure.compute(sample) for sample in _bootstrap(relevant, resamples))
    low, high = (values[int(len(values) * q)] for q in (0.025, 0.975)) if values else (None, None)
    return Figure(
        name=measure.name,
        more_is_better=measure.more_is_better,
        value=measure.compute(relevant),
        low=low,
        high=high,
        count=len(relevant),
    )


def _bootstrap(rows: Rows, resamples: int) -> list[list[Judged]]:
    by_brand = groupby(sorted(rows, key=lambda row: row.post.brand), key=lambda row: row.post.brand)
    groups = [[row] for row in rows if not row.post.brand]
    groups += [list(group) for brand, group in by_brand if brand]
    chance = random.Random(1)  # noqa: S311 - resampling, not cryptography
    return [
        [row for group in chance.choices(groups, k=len(groups)) for row in group] for _ in range(resamples)
    ]


def _share(condition: Callable[[Judged], bool]) -> Callable[[Rows], float]:
    return lambda rows: sum(map(condition, rows)) / len(rows)


def _is_right(row: Judged) -> bool:
    return row.post.admits(row.assessment.situation)


def _is_high(urgency: Urgency | None) -> bool:
    return urgency is not None and urgency >= Urgency.HIGH


def _macro_f1(pairs: Sequence[tuple[object, object]]) -> float:
    """Return the mean F1 of the labels that occur. A label that is never found counts 0."""
    both = Counter(label for label, predicted in pairs if label == predicted)
    labels, predictions = Counter(label for label, _ in pairs), Counter(predicted for _, predicted in pairs)
    scores = [2 * both[label] / (labels[label] + predictions[label]) for label in labels]
    return sum(scores) / len(scores)


def _situation_f1(rows: Rows) -> float:
    return _macro_f1([(row.post.situation, row.assessment.situation) for row in rows])


def _sentiment_f1(rows: Rows) -> float:
    return _macro_f1([(row.post.sentiment, sign_of(row.assessment.sentiment)) for row in rows])


def sign_of(sentiment: float) -> int:
    """Return -1, 0 or 1 for a sentiment from -1 to 1; what is not clear is neutral."""
    return 1 if sentiment >= POSITIVE_FROM else -1 if sentiment <= NEGATIVE_TO else 0


def _hit(first: int) -> Callable[[Judged], bool]:
    return lambda row: not set(row.post.replies).isdisjoint(row.replies[:first])


def _is_blocked(row: Judged) -> bool:
    return any(violation.hard for violation in row.violations or ())


def _has_draft(row: Judged) -> bool:
    return row.draft is not None and not row.draft.refused


def _calibration_error(rows: Rows) -> float:
    """Return the expected calibration error: the mean distance of probability and share right, by bin."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for row in rows:
        probability = row.probability or 0.0
        place = min(int(probability * _CALIBRATION_BINS), _CALIBRATION_BINS - 1)
        bins.setdefault(place, []).append((probability, _is_right(row)))
    distances = (abs(sum(p for p, _ in found) - sum(right for _, right in found)) for found in bins.values())
    return sum(distances) / len(rows)


_MEASURES = (
    _Measure("situation right", lambda row: row.post.situation is not None, _share(_is_right)),
    _Measure("situation macro-F1", lambda row: row.post.situation is not None, _situation_f1),
    _Measure(
        "high or urgent found",
        lambda row: _is_high(row.post.urgency),
        _share(lambda row: _is_high(row.assessment.urgency)),
    ),
    _Measure(
        "false alarms",
        lambda row: row.post.urgency is not None and not _is_high(row.post.urgency),
        _share(lambda row: _is_high(row.assessment.urgency)),
        more_is_better=False,
    ),
    _Measure(
        "grave posts below high",
        lambda row: _is_high(row.post.urgency) and any(row.post.admits(situation) for situation in GRAVE),
        _share(lambda row: not _is_high(row.assessment.urgency)),
        more_is_better=False,
    ),
    _Measure(
        "requests put low",
        lambda row: row.post.request is True and row.post.urgency not in (None, Urgency.LOW),
        _share(lambda row: row.assessment.urgency is Urgency.LOW),
        more_is_better=False,
    ),
    _Measure(
        "not-requests normal or above",
        lambda row: row.post.request is False,
        _share(lambda row: row.assessment.urgency > Urgency.LOW),
        more_is_better=False,
    ),
    _Measure("sentiment macro-F1", lambda row: row.post.sentiment is not None, _sentiment_f1),
    _Measure(
        "language right",
        lambda row: row.post.language is not None,
        _share(lambda row: row.assessment.language == row.post.language),
    ),
    _Measure(OF_REPLIES[0], lambda row: bool(row.post.replies and row.replies), _share(_hit(1))),
    _Measure(OF_REPLIES[1], lambda row: bool(row.post.replies and row.replies), _share(_hit(3))),
    _Measure(
        OF_SUGGESTIONS[0],
        lambda row: row.violations is not None,
        _share(lambda row: bool(row.violations) and not _is_blocked(row)),
        more_is_better=False,
    ),
    _Measure(
        OF_SUGGESTIONS[1], lambda row: row.violations is not None, _share(_is_blocked), more_is_better=False
    ),
    _Measure(OF_DRAFTS[0], lambda row: row.draft is not None, _share(_has_draft)),
    _Measure(
        OF_DRAFTS[1],
        lambda row: bool(row.post.replies) and _has_draft(row),
        _share(lambda row: row.draft is not None and not set(row.post.replies).isdisjoint(row.draft.cited)),
    ),
    _Measure(
        "calibration error",
        lambda row: row.probability is not None and row.post.situation is not None,
        _calibration_error,
        more_is_better=False,
    ),
)
