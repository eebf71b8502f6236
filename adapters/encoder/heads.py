"""Load, save and evaluate the linear heads of a file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.errors import UnusableFile
from domain.triage.encoder import Vector
from domain.triage.features import FEATURES
from domain.triage.heads import HeadScores
from domain.triage.ngrams import BUCKETS, NGrams
from domain.triage.situations import Situation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORMAT = 2
#: Decimals that are kept of a weight. The file of another machine differs at most in the last one.
DECIMALS = 3
PROBABILITY_DECIMALS = 9
SITUATION, HIGH, REQUEST, SENTIMENT = HEADS = ("situation", "high", "request", "sentiment")


class HeadsError(UnusableFile):
    """The file of the heads cannot be used: it is missing, broken, or made for another encoder or version."""


@dataclass(frozen=True)
class Head:
    """A multinomial logistic regression: one row of weights, and one bias, for each class.

    `weights` are those of the vector and the features, `ngram_weights` those of the n-grams' buckets.
    """

    classes: tuple[str, ...]
    weights: "NDArray[np.float64]"
    biases: "NDArray[np.float64]"
    ngram_weights: "NDArray[np.float64]"

    def probabilities(self, inputs: "NDArray[np.float64]", ngrams: Sequence[NGrams]) -> "NDArray[np.float64]":
        """Return the probability of each class (softmax), one row for each row of `inputs`.

        Rounded: a post in a batch and the same post alone differ in the last digits.
        """
        return softmax(self.scores(inputs, ngrams)).round(PROBABILITY_DECIMALS)

    def scores(self, inputs: "NDArray[np.float64]", ngrams: Sequence[NGrams]) -> "NDArray[np.float64]":
        """Return the log-odds of each class, up to a constant, one row for each row of `inputs`."""
        import numpy as np

        scores = inputs @ self.weights.T + self.biases
        for row, found in enumerate(ngrams):
            scores[row] += self.ngram_weights[:, np.asarray(found.buckets)] @ np.asarray(found.weights)
        return scores


@dataclass(frozen=True)
class LinearHeads:
    """Implements `domain.triage.heads.Heads`.

    `encoder` is the name of the encoder whose vectors they were trained on, `posts` on how many of them.
    """

    encoder: str
    posts: int
    heads: Mapping[str, Head]

    def score(
        self, vectors: Sequence[Vector], features: Sequence[Sequence[float]], ngrams: Sequence[NGrams]
    ) -> list[HeadScores]:
        """Return the scores of each post, from its vector, its features by rule, and its n-grams."""
        if not vectors:
            return []
        inputs = inputs_of(vectors, features)
        by_head = {name: head.probabilities(inputs, ngrams) for name, head in self.heads.items()}
        situations = [Situation(value) for value in self.heads[SITUATION].classes]
        return [
            HeadScores(
                situations=dict(zip(situations, by_head[SITUATION][row].tolist(), strict=True)),
                high=self._probability(by_head, HIGH, "yes", row),
                request=self._probability(by_head, REQUEST, "yes", row),
                sentiment=self._probability(by_head, SENTIMENT, "positive", row)
                - self._probability(by_head, SENTIMENT, "negative", row),
            )
            for row in range(len(vectors))
        ]

    def _probability(
        self, by_head: Mapping[str, "NDArray[np.float64]"], head: str, value: str, row: int
    ) -> float:
        return float(by_head[head][row, self.heads[head].classes.index(value)])


def softmax(scores: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Return the probabilities of the classes, one row for each row of scores."""
    import numpy as np

    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))


def inputs_of(vectors: Sequence[Vector], features: Sequence[Sequence[float]]) -> "NDArray[np.float64]":
    """Return one row for each post: its vector, then its features."""
    import numpy as np

    rows = np.frombuffer(b"".join(vector.tobytes() for vector in vectors), dtype=np.float32)
    return np.hstack([rows.reshape(len(vectors), -1), np.array(features)], dtype=np.float64)


def rounded(heads: LinearHeads) -> LinearHeads:
    """Round all weights to what the file keeps."""
    return replace(
        heads,
        heads={
            name: Head(
                head.classes,
                head.weights.round(DECIMALS),
                head.biases.round(DECIMALS),
                head.ngram_weights.round(DECIMALS),
            )
            for name, head in heads.heads.items()
        },
    )


def save_heads(heads: LinearHeads, path: Path) -> None:
    """Write the heads to a file."""
    path.write_text(dump_heads(heads), encoding="utf-8")


def dump_heads(heads: LinearHeads) -> str:
    """Return the heads as JSON, with one line for each row of weights; weights as whole numbers."""

    lines = [f'"format": {FORMAT}', f'"encoder": {json.dumps(heads.encoder)}', f'"posts": {heads.posts}']
    lines.append(f'"features": {json.dumps(FEATURES)}')
    lines.append(f'"buckets": {BUCKETS}')
    for name in HEADS:
        head = heads.heads[name]
        fields = [f'"classes": {json.dumps(list(head.classes))}', f'"biases": {_integers(head.biases)}']
        for field, values in (("weights", head.weights), ("ngrams", head.ngram_weights)):
            rows = ",\n  ".join(map(_integers, values))
            fields.append(f'"{field}": [\n  {rows}]')
        lines.append(f'"{name}": {{{", ".join(fields)}}}')
    return "{" + ",\n".join(lines) + "}\n"


def _integers(values: "NDArray[np.float64]") -> str:
    import numpy as np

    whole = np.rint(values * 10**DECIMALS).astype(int).tolist()
    return json.dumps(whole, separators=(",", ":"))


def load_heads(path: Path, *, encoder: str) -> LinearHeads:
    """Load the heads of a file, as `parse_heads` does. Raises `HeadsError`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise HeadsError(_remedy(path.name, f"{type(error).__name__}: {error}")) from None
    return parse_heads(text, encoder=encoder, place=path.name)


def parse_heads(text: str, *, encoder: str, place: str) -> LinearHeads:
    """Parse heads, which must have been trained for this encoder and for our features.

    `place` names in errors where they are from. Raises `HeadsError`.
    """
    try:
        contents = json.loads(text)
        expected = {"format": FORMAT, "encoder": encoder, "features": list(FEATURES), "buckets": BUCKETS}
        for name, ours in expected.items():
            if contents[name] != ours:
                raise HeadsError(_remedy(place, f"they were trained for another {name}"))
        heads = {name: _head(contents[name]) for name in HEADS}
        return LinearHeads(encoder=encoder, posts=contents["posts"], heads=heads)
    except (ValueError, KeyError, TypeError) as error:
        raise HeadsError(_remedy(place, f"{type(error).__name__}: {error}")) from None


def _head(stored: Mapping[str, Any]) -> Head:
    import numpy as np

    scale = 10.0**DECIMALS
    return Head(
        classes=tuple(stored["classes"]),
        weights=np.array(stored["weights"], dtype=np.float64) / scale,
        biases=np.array(stored["biases"], dtype=np.float64) / scale,
        ngram_weights=np.array(stored["ngrams"], dtype=np.float64) / scale,
    )


def _remedy(place: str, why: str) -> str:
    return f"The trained heads in {place} cannot be used: {why}. Train them again: python bot.py train"
