"""Score a post by linear heads: situation, urgency, request and sentiment.

From its vector, its features by rule, and its n-grams.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.triage.encoder import Vector
from domain.triage.ngrams import NGrams
from domain.triage.situations import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadScores:
    """What the heads say of one post.

    `situations` are probabilities that sum to 1. `high` is the probability that the urgency is high or more,
    `request` that the post wants something of us. `sentiment` is from -1 (negative) to 1 (positive).
    """

    situations: Mapping[Situation, float]
    high: float
    request: float
    sentiment: float


class Heads(Protocol):
    """Score posts with heads that were trained on labelled posts."""

    def score(
        self, vectors: Sequence[Vector], features: Sequence[Sequence[float]], ngrams: Sequence[NGrams]
    ) -> list[HeadScores]:
        """Return the scores of each post, from its vector, its features by rule, and its n-grams."""
        ...
