"""Assess texts by an encoder, the heads trained on its vectors, and what the desk has corrected."""

from collections.abc import Sequence
from dataclasses import InitVar, dataclass, field

from domain.triage.assessment import Assessment, assess_with_heads
from domain.triage.correction import likened
from domain.triage.encoder import Encoder
from domain.triage.evidence import Evidence
from domain.triage.features import encodable, rule_features
from domain.triage.heads import Heads, HeadScores
from domain.triage.ngrams import hashed_ngrams
from handlers.triage.taught_posts import MakeVectorIndex, TaughtPosts


@dataclass(frozen=True, slots=True)
class Text:
    """What is classified of a post: its text, its language, and how many people follow its author."""

    text: str
    language: str
    followers: int = 0


@dataclass(slots=True, kw_only=True)
class TrainedHeads:
    """An encoder, and the heads that were trained on its vectors; others may take their place meanwhile.

    `taught` are posts that the desk has corrected: what is nearly the same is read like them.
    """

    encoder: Encoder
    heads: Heads
    make_index: InitVar[MakeVectorIndex]
    taught: TaughtPosts = field(init=False)

    def __post_init__(self, make_index: MakeVectorIndex) -> None:
        self.taught = TaughtPosts(make_index)

    def score(self, texts: Sequence[str], evidence: Sequence[Evidence]) -> list[HeadScores]:
        """Score texts by their vectors, their features by rule, and their n-grams."""
        encoded = [encodable(text) for text in texts]
        vectors = self.encoder.encode(encoded)
        features = [rule_features(text, found) for text, found in zip(texts, evidence, strict=True)]
        return self.heads.score(vectors, features, [hashed_ngrams(text) for text in encoded])

    def assess(self, text: Text, evidence: Evidence, scores: HeadScores) -> Assessment:
        """Assess a text by its scores, or as a person judged one that was nearly the same."""
        assessment = assess_with_heads(evidence, scores, language=text.language, followers=text.followers)
        if not self.taught:
            return assessment
        [vector] = self.encoder.encode([encodable(text.text)])
        judgement = self.taught.judgement(vector, evidence)
        return assessment if judgement is None else likened(assessment, judgement)
