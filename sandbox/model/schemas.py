"""Validate JSON schemas as OpenAI does before it answers."""

from collections.abc import Callable
from typing import Any

TYPES = {"string", "number", "integer", "boolean", "object", "array", "null"}
LONGEST = 100_000


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and 0 <= value <= LONGEST


def _is_type(value: object) -> bool:
    kinds = value if isinstance(value, list) else [value]
    return bool(kinds) and all(isinstance(kind, str) and kind in TYPES for kind in kinds)


def _is_step(value: object) -> bool:
    return isinstance(value, int | float) and value > 0


def _are_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


CHECKS: dict[str, Callable[[object], bool]] = {
    "type": _is_type,
    "required": _are_names,
    "enum": lambda value: isinstance(value, list) and bool(value),
    "$ref": lambda value: isinstance(value, str) and value.startswith("#"),
    "pattern": lambda value: isinstance(value, str),
    "format": lambda value: isinstance(value, str),
    "multipleOf": _is_step,
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _is_number),
    **dict.fromkeys(("minItems", "maxItems", "minLength", "maxLength"), _is_count),
}
LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
GROUPS = ("properties", "$defs", "definitions")


def find_fault(schema: object, *, strict: bool) -> str | None:
    """Return the first fault in a schema, or None.

    Strict mode requires every object to be closed and every property to be required.
    """
    if isinstance(schema, bool):
        return None
    if not isinstance(schema, dict):
        return f"{schema!r} is not of type 'object', 'boolean'"
    for keyword, is_valid in CHECKS.items():
        if keyword in schema and not is_valid(schema[keyword]):
            return f"{schema[keyword]!r} is not valid for '{keyword}'"
    inner = _inner(schema)
    if isinstance(inner, str):
        return inner
    if strict and (open_object := _open_object(schema)):
        return open_object
    return next((fault for one in inner if (fault := find_fault(one, strict=strict))), None)


def _inner(schema: dict[str, Any]) -> list[Any] | str:
    """Return the subschemas of a schema, or the fault in their container."""
    inner = [schema[keyword] for keyword in ("items", "additionalProperties") if keyword in schema]
    for keyword in LISTS:
        if keyword in schema and not (isinstance(schema[keyword], list) and schema[keyword]):
            return f"{schema[keyword]!r} is not valid for '{keyword}'"
        inner += schema.get(keyword, [])
    for keyword in GROUPS:
        if keyword in schema and not isinstance(schema[keyword], dict):
            return f"{schema[keyword]!r} is not of type 'object'"
        inner += schema.get(keyword, {}).values()
    return inner


def _open_object(schema: dict[str, Any]) -> str | None:
    if schema.get("type") != "object" and "properties" not in schema:
        return None
    if schema.get("additionalProperties") is not False:
        return "'additionalProperties' is required to be supplied and to be false."
    if set(schema.get("required", [])) != set(schema.get("properties", {})):
        return "'required' is required to be supplied and to be an array including every key in properties."
    return None
