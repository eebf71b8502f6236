"""How kind or unkind a post sounds."""

from adapters.sentiment.scorer import VaderSentiment

__all__ = ["VaderSentiment"]
