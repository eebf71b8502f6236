"""Take what is well-formed from X's JSON."""

from adapters.networks.x.vocabulary import Json


def items(value: object) -> list[Json]:
    """Return the objects of a list; anything else is left out."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def mapping_of(value: object) -> Json:
    """Return the value where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}
