"""X (API v2): reading mentions, searches and direct messages, answering them, and finding an answer again."""

from adapters.x.client import Keys
from adapters.x.direct import XDirectMessages
from adapters.x.meaning import keys_fault
from adapters.x.network import X
from adapters.x.query import build_query

__all__ = ["Keys", "X", "XDirectMessages", "build_query", "keys_fault"]
