"""Validate and compute X's ids: decimal text that grows with time (snowflakes)."""

import re
from datetime import UTC, datetime, timedelta
from typing import TypeGuard

EPOCH_MS = 1_288_834_974_657
#: Reads start this much before the cursor: X does not list strictly by id, and posts may appear late.
OVERLAP = timedelta(minutes=2)
#: The cursor of a stream whose first read was empty: whatever arrives is new.
BEGINNING = "1"
_ID = re.compile(r"[0-9]{1,19}")
_HANDLE = re.compile(r"\w{1,50}", re.ASCII)
_OWN_ID = re.compile(r"[\w-]{1,64}", re.ASCII)


def is_handle(value: object) -> TypeGuard[str]:
    """Return whether the value has the form of a username of X."""
    return isinstance(value, str) and _HANDLE.fullmatch(value) is not None


def is_id(value: object) -> TypeGuard[str]:
    """Return whether the value has the form of an id of X."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def own_id(value: object) -> str | None:
    """Validate the id of a post or message of ours.

    It is never compared by size, so any URL-safe id is accepted.
    """
    name = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return name if _OWN_ID.fullmatch(name) else None


def id_at(moment: datetime) -> str:
    """Return the smallest id that a post created at `moment` can have."""
    return str(max(0, int(moment.timestamp() * 1000) - EPOCH_MS) << 22)


def time_of(post_id: str) -> datetime:
    """Return when a post or message with this id was created."""
    return datetime.fromtimestamp(((int(post_id) >> 22) + EPOCH_MS) / 1000, UTC)


def with_overlap(post_id: str) -> str:
    """Return the id to read from so that posts up to OVERLAP older than this one are read again.

    An id too small to carry a time is returned unchanged.
    """
    earlier = int(post_id) - (int(OVERLAP.total_seconds() * 1000) << 22)
    return str(earlier) if earlier > 0 else post_id


def newest(*post_ids: str | None) -> str | None:
    """Return the largest of the ids; `None` without any."""
    return max((i for i in post_ids if i is not None), key=int, default=None)
