"""X's ids: numbers as text that grow with time (snowflakes)."""

import re
from datetime import datetime, timedelta
from typing import TypeGuard

EPOCH_MS = 1_288_834_974_657
#: Every reading starts this much before the cursor: X's listings are not strictly in order of id, and a post may turn up late.
OVERLAP = timedelta(minutes=2)
#: The cursor of a stream whose first reading was empty: everything that comes is new.
BEGINNING = "1"
_SHAPE = re.compile(r"[0-9]{1,19}")
_NAME = re.compile(r"[\w-]{1,64}", re.ASCII)


def is_id(value: object) -> TypeGuard[str]:
    """Whether X could have given this as an id."""
    return isinstance(value, str) and _SHAPE.fullmatch(value) is not None


def own_id(value: object) -> str | None:
    """The id of a post of ours, as X names it: we never reckon with it, so any that can stand in an address will do."""
    name = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return name if _NAME.fullmatch(name) else None


def id_at(moment: datetime) -> str:
    """The smallest id that a post made at `moment` can have."""
    return str(max(0, int(moment.timestamp() * 1000) - EPOCH_MS) << 22)


def with_overlap(post_id: str) -> str:
    """The id to read from so as to see what is up to OVERLAP older than this post once more.

    An id too small to carry a time is returned as it is.
    """
    earlier = int(post_id) - (int(OVERLAP.total_seconds() * 1000) << 22)
    return str(earlier) if earlier > 0 else post_id


def newest(*post_ids: str | None) -> str | None:
    """The largest of the ids, if there is any."""
    return max((i for i in post_ids if i is not None), key=int, default=None)
