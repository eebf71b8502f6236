"""Find what a person said of a post that was nearly the same as this one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from domain.triage.correction import Judgement
from domain.triage.encoder import Vector, VectorIndex
from domain.triage.evidence import Evidence

MakeVectorIndex: TypeAlias = Callable[[Sequence[Vector]], VectorIndex]

#: The cosine from which two posts are nearly the same: of the labelled pairs that also share reasons and
#: negation, 92 % are then about the same, and 98 % agree on whether the urgency is high. See docs/words.md.
NEARLY_SAME = 0.8


@dataclass(frozen=True, slots=True)
class TaughtPost:
    """A post that a person corrected: its vector, what the rules find in it, and what the person said."""

    vector: Vector
    evidence: Evidence
    judgement: Judgement


class TaughtPosts:
    """The newest posts that the desk has corrected. Thread-safe."""

    def __init__(self, make_index: MakeVectorIndex) -> None:
        self._make_index = make_index
        self._taught: tuple[Sequence[TaughtPost], VectorIndex] | None = None

    def __bool__(self) -> bool:
        """Whether there are any."""
        return self._taught is not None

    def learn(self, posts: Sequence[TaughtPost]) -> None:
        """Learn from these posts, and from no others."""
        self._taught = (posts, self._make_index([post.vector for post in posts])) if posts else None

    def judgement(self, vector: Vector, evidence: Evidence) -> Judgement | None:
        """Return what was said of the nearest post, if it is nearly the same.

        It is not where this one has a reason for urgency that the other had not, or differs by a "not": the
        vectors of "swallowed a battery" and of "did not swallow a battery" are as near.
        """
        taught = self._taught  # read once: another thread may replace it
        if taught is None:
            return None
        posts, index = taught
        near = [
            (cosine, post.judgement)
            for cosine, post in zip(index.cosines(vector), posts, strict=True)
            if cosine >= NEARLY_SAME
            and evidence.reasons <= post.evidence.reasons
            and evidence.negated == post.evidence.negated
        ]
        return max(near, key=lambda found: found[0])[1] if near else None
