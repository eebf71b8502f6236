"""Sentiment of a text."""

from typing import Protocol


class SentimentScorer(Protocol):
    """Guesses a text's mood."""

    def score(self, text: str, language: str) -> float:
        """From -1 (bitter) to 1 (delighted)."""
        ...
