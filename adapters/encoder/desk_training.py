"""Train the heads further on the desk's examples, with the heads that come with the program as the prior."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from adapters.encoder.heads import (
    HIGH,
    REQUEST,
    SITUATION,
    Head,
    LinearHeads,
    dump_heads,
    inputs_of,
    parse_heads,
    rounded,
    softmax,
)
from domain.knowledge.labelled_posts import TrainingExample
from domain.triage.assessment import HIGH_FROM, Urgency, high_log_odds
from domain.triage.ngrams import NGrams

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: What one example weighs against the prior where there are many, and what more where it is alone: a few
#: examples are seldom near each other. Found by simulation, see docs/words.md.
_WEIGHT = 1.0
_WEIGHT_ALONE = 3.0
#: Of less than about so many examples only what differs from the usual post is learnt: what is common to all
#: posts says how often a label is given, which a few examples do not tell.
_FEW = 30
_TOLERANCE = 1e-4  # of the gradient, for one example
_MAX_STEPS = 2_000


class DeskTrainer:
    """Implements `domain.knowledge.trainer.HeadsTrainer`.

    Each head is the maximum a posteriori estimate of a multinomial logistic regression on the examples, where
    the prior of every weight is a normal distribution around its value in `base`. So few examples change
    little but what is like them, and without any the heads are those of `base`.
    """

    def __init__(self, base: LinearHeads) -> None:
        self._base = base
        self._base_id = hashlib.sha256(dump_heads(base).encode()).hexdigest()

    @property
    def base(self) -> LinearHeads:
        """The heads that every training starts from."""
        return self._base

    @property
    def base_id(self) -> str:
        """The hash of the heads that every training starts from."""
        return self._base_id

    def load(self, text: str) -> LinearHeads:
        """Load heads that `train` returned. Raises `HeadsError`."""
        return parse_heads(text, encoder=self._base.encoder, place="the database")

    def train(
        self,
        examples: Sequence[TrainingExample],
        reference: Sequence[TrainingExample],
        *,
        strength: float = 1.0,
    ) -> str:
        """Train `base` on the examples that have a head's label; return the trained heads as text.

        `strength` is what an example weighs against what it weighs at most.
        As many of the `reference` posts that are not high come out high as before.
        """
        labels = {
            SITUATION: [e.post.situation and e.post.situation.value for e in examples],
            HIGH: [
                None if e.post.urgency is None else _answer(e.post.urgency >= Urgency.HIGH) for e in examples
            ],
            REQUEST: [None if e.post.request is None else _answer(e.post.request) for e in examples],
        }
        heads = {**self._base.heads, **self._trained(examples, labels, reference, strength)}
        calm = [e for e in reference if e.post.urgency is not None and e.post.urgency < Urgency.HIGH]
        trained = LinearHeads(self._base.encoder, self._base.posts + len(examples), heads)
        return dump_heads(rounded(_with_as_many(trained, self._base, calm)))

    def _trained(
        self,
        examples: Sequence[TrainingExample],
        labels: Mapping[str, Sequence[str | None]],
        reference: Sequence[TrainingExample],
        strength: float,
    ) -> Mapping[str, Head]:
        if not examples:
            return {}
        inputs = inputs_of([e.vector for e in examples], [e.features for e in examples])
        usual = _FEW / (_FEW + len(examples)) * _mean(reference, like=inputs[0])
        weight = strength * (_WEIGHT + _WEIGHT_ALONE / len(examples) ** 0.5)
        return {
            name: _adapted(
                self._base.heads[name], inputs, [e.ngrams for e in examples], usual, values, weight=weight
            )
            for name, values in labels.items()
        }


def _answer(value: bool) -> str:
    return "yes" if value else "no"


def _mean(posts: Sequence[TrainingExample], *, like: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Return the mean input of the posts, or zeros `like` an input."""
    import numpy as np

    if not posts:
        return np.zeros_like(like)
    return np.asarray(inputs_of([e.vector for e in posts], [e.features for e in posts]).mean(axis=0))


def _with_as_many(heads: LinearHeads, before: LinearHeads, posts: Sequence[TrainingExample]) -> LinearHeads:
    """Return the heads with the bias by which as many of the posts come out high as by the heads `before`."""
    count = sum(odds >= HIGH_FROM for odds in _high_log_odds(before, posts))
    if count in {0, len(posts)}:
        return heads
    last, next_one = sorted(_high_log_odds(heads, posts), reverse=True)[count - 1 : count + 1]
    head = heads.heads[HIGH]
    biases = head.biases.copy()
    biases[head.classes.index("yes")] += HIGH_FROM - (last + next_one) / 2
    return replace(heads, heads={**heads.heads, HIGH: replace(head, biases=biases)})


def _high_log_odds(heads: LinearHeads, posts: Sequence[TrainingExample]) -> list[float]:
    scores = heads.score([e.vector for e in posts], [e.features for e in posts], [e.ngrams for e in posts])
    return [high_log_odds(found) for found in scores]


def _adapted(
    head: Head,
    inputs: "NDArray[np.float64]",
    ngrams: Sequence[NGrams],
    usual: "NDArray[np.float64]",
    labels: Sequence[str | None],
    *,
    weight: float,
) -> Head:
    """Return the head with the weights that the labels make likeliest.

    The biases follow so that the `usual` input is scored as before.
    Accelerated gradient descent (Nesterov) on a strongly convex function: every start ends in the same
    optimum, and the same examples give the same head.
    """
    import numpy as np

    rows = [row for row, label in enumerate(labels) if label is not None]
    if not rows:
        return head
    inputs = inputs[rows]
    special = inputs - usual
    before = head.scores(inputs, [ngrams[row] for row in rows])
    wanted = np.array([[label == value for value in head.classes] for label in labels if label is not None])
    # The largest eigenvalue of the Hessian is at most this: a softmax curves by 1/2.
    steepest = 1 + weight / 2 * float(np.linalg.norm(special, 2)) ** 2
    momentum = (steepest**0.5 - 1) / (steepest**0.5 + 1)
    change = ahead = np.zeros_like(head.weights)
    for _ in range(_MAX_STEPS):
        gradient = weight * (softmax(before + special @ ahead.T) - wanted).T @ special + ahead
        if float(np.abs(gradient).max()) < _TOLERANCE * weight:
            break
        following = ahead - gradient / steepest
        change, ahead = following, following + momentum * (following - change)
    return replace(head, weights=head.weights + change, biases=head.biases - change @ usual)
