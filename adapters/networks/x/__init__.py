"""X (API v2): reading mentions, searches and direct messages, answering them, and finding an answer again."""

from adapters.networks.x.client import Keys
from adapters.networks.x.direct_messages import XDirectMessages
from adapters.networks.x.errors import keys_fault
from adapters.networks.x.network import X
from adapters.networks.x.query import build_query

__all__ = ["Keys", "X", "XDirectMessages", "build_query", "keys_fault"]
