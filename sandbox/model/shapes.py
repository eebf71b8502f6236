"""Generate JSON that is valid for any schema, with suggested values where a property's name is known."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.model.scalars import is_kind, kinds, number, string

Schema = Mapping[str, Any]
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Suggest = Callable[[str], Json]

DEPTH = 12


class Shaper:
    """Build one document.

    `suggest(name)` may propose a value for a property of that name, or several, the best first. None means no
    suggestion; a None among several suggests null, where the schema is nullable.
    """

    def __init__(self, root: Schema, suggest: Suggest) -> None:
        self._root = root
        self._suggest = suggest

    def document(self) -> Json:
        """Build the document for the whole schema."""
        return self._value("", self._root, 0)

    def _value(self, name: str, schema: Schema, depth: int) -> Json:
        schema = self._resolved(schema)
        proposed = self._suggest(name) if name else None
        if "const" in schema:
            return _json(schema["const"])
        if isinstance(proposed, list) and None in proposed:
            if self._takes_null(schema):
                return None
            proposed = [one for one in proposed if one is not None]
        if "enum" in schema:
            return _among(schema["enum"], proposed)
        branches = schema.get("anyOf") or schema.get("oneOf")
        if branches:
            resolved = [self._resolved(branch) for branch in branches]
            return self._value(name, min(resolved, key=lambda b: _branch_order(b, proposed, depth)), depth)
        if isinstance(proposed, list) and "array" not in kinds(schema):
            proposed = next(iter(proposed), None)
        return self._of_kind(_kind_for(proposed, kinds(schema), depth), name, schema, proposed, depth)

    def _takes_null(self, schema: Schema) -> bool:
        if "enum" in schema:
            return None in schema["enum"]
        branches = schema.get("anyOf") or schema.get("oneOf") or [schema]
        return any("null" in kinds(self._resolved(branch)) for branch in branches)

    def _of_kind(self, kind: str, name: str, schema: Schema, proposed: Json, depth: int) -> Json:
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return self._array(name, schema, proposed, depth)
        if kind == "string":
            return string(schema, proposed if isinstance(proposed, str) else name or "text")
        if kind in ("integer", "number"):
            return number(
                schema, proposed if isinstance(proposed, int | float) else 0, whole=kind == "integer"
            )
        return None if kind == "null" else proposed is True

    def _resolved(self, schema: Schema | bool) -> Schema:
        """Return the schema with references followed and `allOf` parts merged.

        `true` or no schema allows anything.
        """
        if isinstance(schema, bool):
            return {}
        for _ in range(DEPTH):
            if "$ref" not in schema:
                break
            found: Any = self._root
            for step in str(schema["$ref"]).removeprefix("#").split("/")[1:]:
                found = (
                    found.get(step.replace("~1", "/").replace("~0", "~"), {})
                    if isinstance(found, dict)
                    else {}
                )
            schema = {
                **(found if isinstance(found, dict) else {}),
                **{k: v for k, v in schema.items() if k != "$ref"},
            }
        for part in schema.get("allOf", ()):
            schema = _merged(schema, self._resolved(part))
        return schema

    def _object(self, schema: Schema, depth: int) -> Json:
        properties: Mapping[str, Schema] = schema.get("properties", {})
        required = schema.get("required", [])
        names = [n for n in properties if n in required or depth == 0]
        body = {n: self._value(n, properties[n], depth + 1) for n in names}
        extra = schema.get("additionalProperties")
        other = extra if isinstance(extra, dict) else {"type": "string"}
        return {**body, **{n: self._value(n, other, depth + 1) for n in required if n not in properties}}

    def _array(self, name: str, schema: Schema, proposed: Json, depth: int) -> Json:
        least, most = int(schema.get("minItems", 0)), int(schema.get("maxItems", 1 << 30))
        body = [self._value(name, one, depth + 1) for one in schema.get("prefixItems", ())]
        items = schema.get("items") or {"type": "string"}
        if isinstance(proposed, list) and not body:
            body = [p for p in proposed if _matches(p, self._resolved(items))][:most]
        while len(body) < least:
            one = self._value("", items, depth + 1)
            body.append(self._other_than(body, one, items) if schema.get("uniqueItems") else one)
        return body

    def _other_than(self, body: list[Json], value: Json, items: Schema) -> Json:
        if value not in body:
            return value
        options = self._resolved(items).get("enum", [])
        if options:
            return next((_json(option) for option in options if option not in body), value)
        return value + len(body) if isinstance(value, int | float) else f"{value}{len(body)}"


def _json(value: Json) -> Json:
    return value


def _merged(first: Schema, second: Schema) -> Schema:
    both = {**first, **second}
    both["properties"] = {**first.get("properties", {}), **second.get("properties", {})}
    both["required"] = [*first.get("required", []), *second.get("required", [])]
    return {k: v for k, v in both.items() if k != "allOf" and v not in ({}, [])}


def _kind_for(proposed: Json, allowed: list[str], depth: int) -> str:
    if depth > DEPTH and "null" in allowed:
        return "null"
    if proposed is not None:
        for kind in allowed:
            if is_kind(proposed, kind):
                return kind
    return next((kind for kind in allowed if kind != "null"), "null")


def _branch_order(schema: Schema, proposed: Json, depth: int) -> tuple[bool, bool]:
    """Sort key of branches: one that fits the proposal first; null last, but first when deeply nested."""
    is_null = kinds(schema) == ["null"]
    if depth > DEPTH:
        return (False, not is_null)
    offers = [proposed, *proposed] if isinstance(proposed, list) else [proposed]
    return (not any(offer is not None and _matches(offer, schema) for offer in offers), is_null)


def _matches(value: Json, schema: Schema) -> bool:
    if "const" in schema:
        return bool(value == schema["const"])
    if "enum" in schema:
        return value in schema["enum"]
    return any(is_kind(value, kind) for kind in kinds(schema))


def _among(options: list[Json], proposed: Json) -> Json:
    wanted = [
        str(w).lower() for w in (proposed if isinstance(proposed, list) else [proposed]) if w is not None
    ]
    for one in wanted:
        for option in options:
            if str(option).lower() == one:
                return option
    return next((option for option in options if option is not None), None)
