"""Define the protocol of sentiment scoring."""

from collections.abc import Hashable
from typing import Protocol


class SentimentScorer(Hashable, Protocol):
    """Score the sentiment of a text."""

    def score(self, text: str, language: str) -> float:
        """Return a score from -1 (negative) to 1 (positive)."""
        ...
