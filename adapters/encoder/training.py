"""Train the linear heads on labelled posts (L2-regularised logistic regression)."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from adapters.encoder.heads import HIGH, REQUEST, SENTIMENT, SITUATION, Head, LinearHeads, inputs_of, rounded
from domain.knowledge.labelled_posts import LabelledPost, TrainingExample
from domain.triage.assessment import Urgency
from domain.triage.ngrams import BUCKETS
from domain.triage.situations import Situation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

#: The inverse strength of the regularisation, by head: see docs/words.md.
_STRENGTH = {SITUATION: 2.0, HIGH: 2.0, REQUEST: 1.0, SENTIMENT: 2.0}
#: The weight of each situation that is also right; the label itself keeps the rest of 1.
_ALSO_RIGHT_WEIGHT = 0.3
_MAX_ALSO_RIGHT = 2
#: Percent of the posts to a brand, as a person would label them. The training posts have more of the rare
#: situations, so that they are learnt; without this correction they would be predicted too often.
_USUAL_PERCENT = {
    Situation.SAFETY_OR_LEGAL: 3.5,
    Situation.CANNOT_PAY: 6,
    Situation.ACCOUNT_ACCESS: 5,
    Situation.REFUND: 4,
    Situation.DELIVERY: 10,
    Situation.OUTAGE_REPORT: 12,
    Situation.PRESS: 1,
    Situation.QUESTION: 18,
    Situation.RANT: 16,
    Situation.PRAISE: 12,
    Situation.SPAM: 2.5,
    Situation.OTHER: 10,
}
# The problem is convex: with so small a tolerance every start ends in the same optimum.
_TOLERANCE = 1e-6
_MAX_ITERATIONS = 10_000
_SENTIMENTS = {-1: "negative", 0: "neutral", 1: "positive"}


_Labels: TypeAlias = Callable[[LabelledPost], Mapping[str, float]]


def train_heads(examples: Sequence[TrainingExample], *, encoder: str) -> LinearHeads:
    """Train every head on the examples that have its label.

    `encoder` is the name of the encoder of the vectors. The same examples give the same heads, to the bit on
    one machine. Raises `ValueError` where a head has fewer than two classes to learn.
    """
    labels: dict[str, _Labels] = {
        SITUATION: _situations,
        HIGH: lambda post: _yes_or_no(None if post.urgency is None else post.urgency >= Urgency.HIGH),
        REQUEST: lambda post: _yes_or_no(post.request),
        SENTIMENT: lambda post: {} if post.sentiment is None else {_SENTIMENTS[post.sentiment]: 1.0},
    }
    heads = {name: _train_head(name, examples, label) for name, label in labels.items()}
    return rounded(LinearHeads(encoder=encoder, posts=len(examples), heads=heads))


def _yes_or_no(value: bool | None) -> Mapping[str, float]:
    return {} if value is None else {"yes" if value else "no": 1.0}


def _situations(post: LabelledPost) -> Mapping[str, float]:
    """Weigh the label and what is also right; together they weigh 1."""
    if post.situation is None:
        return {}
    also = [s.value for s in Situation if s in post.also_right - {post.situation}][:_MAX_ALSO_RIGHT]
    weights = dict.fromkeys(also, _ALSO_RIGHT_WEIGHT)
    return weights | {post.situation.value: 1 - sum(weights.values())}


def _train_head(name: str, examples: Sequence[TrainingExample], labels: _Labels) -> Head:
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    labelled = [
        (example, value, weight) for example in examples for value, weight in labels(example.post).items()
    ]
    totals: dict[str, float] = {}
    for _, value, weight in labelled:
        totals[value] = totals.get(value, 0) + weight
    if len(totals) <= 1:
        raise ValueError(f"no {name} can be learnt: the posts have {sorted(totals) or 'no labels'}")
    inputs = _inputs([example for example, *_ in labelled])
    model = LogisticRegression(C=_STRENGTH[name], tol=_TOLERANCE, max_iter=_MAX_ITERATIONS)
    model.fit(inputs, [value for _, value, _ in labelled], sample_weight=[weight for *_, weight in labelled])
    weights, biases = _one_row_per_class(model.coef_, model.intercept_)
    if name == SITUATION:
        biases = biases + np.array([_prior_correction(value, totals) for value in model.classes_])
    by_input, by_bucket = np.split(weights, [-BUCKETS], axis=1)
    return Head(tuple(model.classes_), by_input, biases, by_bucket)


def _inputs(examples: Sequence[TrainingExample]) -> "csr_array[np.float64, tuple[int, int]]":
    """Return one row for each example: its vector, its features, and the buckets of its n-grams; sparse."""
    import numpy as np
    from scipy.sparse import csr_array, hstack

    starts = np.cumsum([0, *(len(example.ngrams.buckets) for example in examples)])
    buckets = np.concatenate([example.ngrams.buckets for example in examples])
    weights = np.concatenate([example.ngrams.weights for example in examples])
    ngrams = csr_array((weights, buckets, starts), shape=(len(examples), BUCKETS))
    dense = inputs_of([example.vector for example in examples], [example.features for example in examples])
    return hstack([csr_array(dense), ngrams], format="csr")


def _prior_correction(situation: str, totals: Mapping[str, float]) -> float:
    """Return the log of the usual share of a situation over its share in training."""
    usual = _USUAL_PERCENT[Situation(situation)] / sum(_USUAL_PERCENT.values())
    return math.log(usual * sum(totals.values()) / totals[situation])


def _one_row_per_class(
    weights: "NDArray[np.float64]", biases: "NDArray[np.float64]"
) -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
    """Return the weights with a row for each class: scikit-learn has only one for two classes."""
    import numpy as np

    if len(weights) > 1:
        return weights, biases
    return np.vstack([np.zeros_like(weights), weights]), np.concatenate([np.zeros_like(biases), biases])
