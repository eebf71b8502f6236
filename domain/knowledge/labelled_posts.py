"""Define labelled posts: what a person says that a post is about, to train and to measure with."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.triage.assessment import Urgency
from domain.triage.encoder import Vector
from domain.triage.ngrams import NGrams
from domain.triage.situations import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPost:
    """One post with its labels; a label that is `None` was not given.

    `also_right` are other situations that one could defend. `request` is whether the post wants something of
    us. `sentiment` is -1 (negative), 0 or 1. Posts to one `brand` resemble each other, so a split that
    measures keeps them together. `replies` are the names of the saved replies that answer it, of those that
    `desk` has; both are empty where that was not labelled.
    """

    text: str
    language: str | None = None
    situation: Situation | None = None
    also_right: frozenset[Situation] = frozenset()
    urgency: Urgency | None = None
    request: bool | None = None
    sentiment: int | None = None
    brand: str = ""
    desk: str = ""
    replies: tuple[str, ...] = ()

    def admits(self, situation: Situation) -> bool:
        """Return whether the situation is right, or could be defended."""
        return situation is self.situation or situation in self.also_right


@dataclass(frozen=True, slots=True)
class TrainingExample:
    """A labelled post as the heads see it: its vector, its features by rule, and its n-grams."""

    post: LabelledPost
    vector: Vector
    features: Sequence[float]
    ngrams: NGrams = field(default_factory=NGrams)
