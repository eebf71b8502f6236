"""Draw `api_facts.json` from X's published OpenAPI documents: what the calls that we make may say.

    python -m sandbox.x.make_api_facts x-2.166.json x-2.167.json

For each version and call: the query parameters, each with its values where the document lists them, and the
keys of the body. The documents themselves are not kept here.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

FACTS = Path(__file__).with_name("api_facts.json")
CALLS = (
    "GET /2/users/me",
    "GET /2/users/:id",
    "GET /2/users/by/username/:username",
    "GET /2/users/:id/mentions",
    "GET /2/users/:id/tweets",
    "GET /2/tweets/search/recent",
    "GET /2/tweets",
    "GET /2/tweets/:id",
    "POST /2/tweets",
    "DELETE /2/tweets/:id",
    "GET /2/dm_events",
    "GET /2/dm_conversations/with/:participant_id/dm_events",
    "POST /2/dm_conversations/with/:participant_id/messages",
    "GET /2/dm_conversations/media/:dm_id/:media_id/:resource_id",
    "POST /2/media/upload",
    "GET /2/activity/stream",
    "GET /2/activity/subscriptions",
    "POST /2/activity/subscriptions",
)

Json = dict[str, Any]


def facts_of(document: Json) -> Json:
    """Return the facts of one version; lists of values are named, so that each stands there once."""
    enums: dict[str, list[str]] = {}
    return {"calls": {call: _call(document, call, enums) for call in CALLS}, "enums": enums}


def _call(document: Json, call: str, enums: dict[str, list[str]]) -> Json:
    method, _, route = call.partition(" ")
    path = document["paths"][re.sub(r":(\w+)", r"{\1}", route)]
    operation = path[method.lower()]
    parameters = [
        _resolved(document, one) for one in (*operation.get("parameters", ()), *path.get("parameters", ()))
    ]
    query = {
        one["name"]: _named(one["name"], _values(document, one["schema"]), enums)
        for one in sorted(parameters, key=lambda one: str(one["name"]))
        if one["in"] == "query"
    }
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return {"query": query} | ({"body": _keys(document, content["schema"])} if content else {})


def _keys(document: Json, schema: Json) -> Any:  # noqa: ANN401 - as deep as the body is
    """Return the keys of an object, by key what is in it; the values of an enum; else `None`."""
    schema = _resolved(document, schema)
    if schema.get("type") == "array":
        return [_keys(document, schema["items"])]
    properties: Json = {}
    for part in (schema, *schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        properties |= _resolved(document, part).get("properties", {})
    if properties:
        return {key: _keys(document, properties[key]) for key in sorted(properties)}
    return _values(document, schema)


def _values(document: Json, schema: Json) -> list[str] | None:
    schema = _resolved(document, schema)
    values = schema.get("enum") or _resolved(document, schema.get("items", {})).get("enum")
    return sorted(set(values)) if values else None


def _named(parameter: str, values: list[str] | None, enums: dict[str, list[str]]) -> str | None:
    if values is None:
        return None
    names = [parameter, *(f"{parameter} {number}" for number in range(2, 10))]
    name = next(name for name in names if enums.get(name, values) == values)
    enums[name] = values
    return name


def _resolved(document: Json, schema: Json) -> Json:
    while "$ref" in schema:
        found: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


if __name__ == "__main__":
    documents = [json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]]
    made = {document["info"]["version"]: facts_of(document) for document in documents}
    FACTS.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
