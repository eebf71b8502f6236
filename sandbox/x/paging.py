"""Paginate timelines: newest first, between two ids or two times."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Protocol, TypeVar

from sandbox.x import fields
from sandbox.x.posts import snowflake_at
from sandbox.x.problems import invalid

Bounds = tuple[int, int]


class Listed(Protocol):
    """An item whose id grows with time."""

    @property
    def id(self) -> str:
        """The item's id on X."""
        ...


Item = TypeVar("Item", bound=Listed)


def bounds(query: Mapping[str, str]) -> Bounds:
    """Parse the id range of a call: above the first, below the second. Raises Problem (400)."""
    since, until = fields.post_id(query, "since_id"), fields.post_id(query, "until_id")
    start, end = fields.parse_time(query, "start_time"), fields.parse_time(query, "end_time")
    low = max(since or 0, 0 if start is None else snowflake_at(start) - 1)
    high = min(until or 1 << 63, 1 << 63 if end is None else snowflake_at(end))
    return low, high


def page(
    newest: Iterable[Item], limits: Bounds, size: int, query: Mapping[str, str]
) -> tuple[list[Item], dict[str, Any]]:
    """Return one page of items and its `meta`. Raises Problem (400) for an unknown pagination token."""
    low, high = limits
    for name in ("pagination_token", "next_token"):
        if name in query:
            high = min(high, _before(name, query[name]))
    found = list(islice((p for p in newest if low < int(p.id) < high), size + 1))
    shown = found[:size]
    meta: dict[str, Any] = {"result_count": len(shown)}
    if shown:
        meta = {"newest_id": shown[0].id, "oldest_id": shown[-1].id, **meta}
    if len(found) > size:
        meta["next_token"] = _token(shown[-1].id)
    return shown, meta


def _token(post_id: str) -> str:
    return base64.b32encode(int(post_id).to_bytes(8)).decode().rstrip("=").lower()


def _before(name: str, token: str) -> int:
    try:
        return int.from_bytes(base64.b32decode(token.upper() + "=" * (-len(token) % 8)))
    except (binascii.Error, ValueError):
        raise invalid(name, [token], f"The `{name}` query parameter value [{token}] is not valid") from None
