"""Score the sentiment of a post."""

from adapters.sentiment.scorer import VaderSentiment

__all__ = ["VaderSentiment"]
