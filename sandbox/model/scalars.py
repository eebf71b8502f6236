"""Generate strings and numbers within the limits of a JSON schema."""

import math
from collections.abc import Mapping
from typing import Any

from sandbox.model.patterns import example_of

FORMATS = {
    "date-time": "2026-01-15T09:30:00Z",
    "date": "2026-01-15",
    "time": "09:30:00Z",
    "duration": "PT15M",
    "email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uri": "https://example.com/",
}
TYPES: dict[str, type] = {"string": str, "boolean": bool, "array": list, "object": dict, "null": type(None)}


def kinds(schema: Mapping[str, Any]) -> list[str]:
    """Return the JSON types that a schema allows; inferred from its other keywords when it names none."""
    kind = schema.get("type")
    if kind is None:
        return ["object"] if "properties" in schema else ["array"] if "items" in schema else ["string"]
    return [kind] if isinstance(kind, str) else list(kind)


def is_kind(value: object, kind: str) -> bool:
    """Test whether a value is of a JSON type: 3.0 is an integer, true is not."""
    if kind in ("integer", "number"):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and (kind == "number" or float(str(value)).is_integer())
    return isinstance(value, TYPES.get(kind, str))


def string(schema: Mapping[str, Any], wanted: str) -> str:
    """Return a string as near to `wanted` as the schema allows."""
    if "pattern" in schema:
        return example_of(str(schema["pattern"]))
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    least, most = int(schema.get("minLength", 0)), int(schema.get("maxLength", 1 << 30))
    return (wanted + "." * (least - len(wanted)))[:most]


def number(schema: Mapping[str, Any], wanted: float, *, whole: bool) -> float:
    """Return a number as near to `wanted` as the schema allows."""
    step = schema.get("multipleOf", 1 if whole else None)
    low, above = schema.get("minimum", -math.inf), schema.get("exclusiveMinimum", -math.inf)
    high, below = schema.get("maximum", math.inf), schema.get("exclusiveMaximum", math.inf)
    if step is None:
        return _between(wanted, low, above, high, below)
    value = math.floor(wanted / step) * step
    if value < low or value <= above:
        value = max(math.ceil(low / step) * step if low > -math.inf else -math.inf, _next_above(above, step))
    elif value > high or value >= below:
        top = math.floor(high / step) * step if high < math.inf else math.inf
        value = min(top, math.ceil(below / step) * step - step if below < math.inf else math.inf)
    return int(value) if whole else value


def _next_above(limit: float, step: float) -> float:
    return math.floor(limit / step) * step + step if limit > -math.inf else -math.inf


def _between(wanted: float, low: float, above: float, high: float, below: float) -> float:
    if low <= wanted <= high and above < wanted < below:
        return wanted
    bottom, top = max(low, above), min(high, below)
    if bottom == -math.inf:
        return top if top == high and top < below else top - 1
    if top == math.inf:
        return bottom if bottom > above else bottom + 1
    return (bottom + top) / 2
