"""Schemas that OpenAI refuses are refused with the reason."""

from typing import Any

import openai
import pytest

from sandbox.model.schemas import find_fault
from tests.sandbox.model.conftest import Drafter

CLOSED = {
    "type": "object",
    "properties": {"a": {"type": "string"}},
    "required": ["a"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": 0},
        {"type": []},
        {"type": "text"},
        {"enum": []},
        {"required": "a"},
        {"properties": []},
        {"properties": {"a": 5}},
        {"items": "string"},
        {"anyOf": []},
        {"allOf": ["a"]},
        {"$ref": "elsewhere.json"},
        {"minLength": -1},
        {"minItems": 10**9},
        {"multipleOf": 0},
        {"maximum": "much"},
    ],
)
async def test_what_is_no_schema_is_refused(drafter: Drafter, schema: dict[str, Any]) -> None:
    wanted: Any = {
        "type": "json_schema",
        "json_schema": {"name": "a", "schema": {"properties": {"deep": schema}}},
    }
    with pytest.raises(openai.BadRequestError) as caught:
        await drafter.client.chat.completions.create(
            model="sandbox-model", messages=[{"role": "user", "content": "a"}], response_format=wanted
        )
    assert caught.value.code == "invalid_json_schema"


@pytest.mark.parametrize(
    ("schema", "fault"),
    [
        (CLOSED, None),
        ({**CLOSED, "additionalProperties": True}, "additionalProperties"),
        ({**CLOSED, "required": []}, "required"),
        ({"$defs": {"x": {**CLOSED, "required": []}}}, "required"),
        ({"type": "array", "items": {"type": "object"}}, "additionalProperties"),
    ],
)
def test_strict_mode_wants_everything_closed_and_required(schema: dict[str, Any], fault: str | None) -> None:
    found = find_fault(schema, strict=True)
    assert (found is None) if fault is None else (found is not None and fault in found)
    assert find_fault(schema, strict=False) is None
