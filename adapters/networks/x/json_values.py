"""Take what is well-formed from X's JSON."""

import re

from adapters.networks.x.vocabulary import Json


def items(value: object) -> list[Json]:
    """Return the objects of a list; anything else is left out."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def mapping_of(value: object) -> Json:
    """Return the value where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def count_of(value: object) -> int | None:
    """Return a whole number, also where it is written as text or with a point; `None` for anything else."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
