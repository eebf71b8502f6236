"""X (API v2): reading mentions and searches, answering posts, and finding an answer again."""

from adapters.x.client import Keys
from adapters.x.network import X
from adapters.x.query import build_query

__all__ = ["Keys", "X", "build_query"]
