"""Find links in a post and compute its weighted length, as twitter-text does (see README.md)."""

from adapters.twitter_text.links import Link, find_links
from adapters.twitter_text.weighted_length import is_valid, weighted_length

__all__ = ["Link", "find_links", "is_valid", "weighted_length"]
