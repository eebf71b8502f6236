"""Answers are valid for any schema: pydantic generates the schemas and validates the answers."""

import json
import re
from enum import IntEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, create_model

from sandbox.model.patterns import example_of
from sandbox.model.reader import Reading
from sandbox.model.shapes import Shaper


class Tree(BaseModel):
    name: str
    children: list["Tree"]
    parent: "Tree | None"


class Level(IntEnum):
    ONE = 1
    TWO = 2


class Cat(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["cat"]
    lives: Annotated[int, Field(gt=3, lt=10, multiple_of=3)]


class Dog(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["dog"]
    weight: Annotated[float, Field(gt=0.5, lt=0.75)]


class Everything(BaseModel):
    model_config = ConfigDict(extra="forbid")
    tree: Tree
    level: Level
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    pets: Annotated[list[Cat | Dog], Field(min_length=2)]
    code: Annotated[str, Field(pattern=r"^[A-Z]{3}-\d{4}(x|y)?$")]
    short: Annotated[str, Field(max_length=2)]
    long_text: Annotated[str, Field(min_length=50)]
    when: AwareDatetime
    uuid: UUID
    nothing: None
    maybe: int | None
    pair: tuple[int, str]
    flags: dict[str, bool]
    unique: Annotated[set[Level], Field(min_length=2)]
    rate: Annotated[float, Field(ge=-3, le=-2.5)]
    count: Annotated[int, Field(ge=7)]
    negative: Annotated[int, Field(lt=-7)]
    yes: bool
    text: str


def answer(schema: dict[str, Any], prompt: str = "hello") -> str:
    return json.dumps(Shaper(schema, Reading(prompt, prompt).suggest).document())


def test_a_schema_with_everything() -> None:
    found = Everything.model_validate_json(answer(Everything.model_json_schema()))
    assert found.text.startswith("Hi")


SCALARS = st.one_of(
    st.sampled_from(
        [str, bool, str | None, float, list[int], list[str] | None, Level, UUID, dict[str, int], Tree]
    ),
    st.builds(
        lambda low, width: Annotated[int, Field(ge=low, le=low + width)],
        st.integers(-99, 99),
        st.integers(0, 20),
    ),
    st.builds(
        lambda low, width: Annotated[float, Field(gt=low, lt=low + width)],
        st.floats(-99, 99),
        st.floats(0.01, 20),
    ),
    st.builds(
        lambda low, more: Annotated[str, Field(min_length=low, max_length=low + more)],
        st.integers(0, 400),
        st.integers(0, 40),
    ),
    st.builds(lambda n: Annotated[list[Level | str], Field(min_length=n, max_length=n)], st.integers(0, 4)),
    st.lists(st.text("abc", min_size=1), min_size=1, max_size=4).map(lambda options: Literal[tuple(options)]),
)
NAMES = st.sampled_from(
    [
        "language",
        "situation",
        "urgency",
        "draft",
        "reply",
        "missing",
        "saved_reply",
        "reply_id",
        "confidence",
        "zzz",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(NAMES, SCALARS, min_size=1), st.text())
def test_any_schema_whatever_its_names_and_types(fields: dict[str, Any], prompt: str) -> None:
    definitions: dict[str, Any] = {name: (kind, ...) for name, kind in fields.items()}
    made: type[BaseModel] = create_model("Made", **definitions)
    made.model_validate_json(answer(made.model_json_schema(), prompt))


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"const": 5}, 5),
        ({"enum": [None, "b"]}, "b"),
        ({"type": ["null", "integer"]}, 0),
        (
            {"allOf": [{"properties": {"a": {"const": 1}}}, {"properties": {"b": {"const": 2}}}]},
            {"a": 1, "b": 2},
        ),
        ({"type": "object", "required": ["x"]}, {"x": "x"}),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": True}, [0, 1, 2]),
        ({}, "text"),
    ],
)
def test_plain_json_schema(schema: dict[str, Any], expected: object) -> None:
    assert json.loads(answer(schema)) == expected


@pytest.mark.parametrize(
    "pattern", [r"^\d{4}-\d\d$", r"[^a-z]+", r"(?:ab|cd){2}", r"^@\w{1,15}$", r".", r"a*?b\s", r"[^\d]x?"]
)
def test_a_pattern_is_met(pattern: str) -> None:
    assert re.search(pattern, example_of(pattern))


def test_the_answer_is_the_same_for_the_same_prompt() -> None:
    schema = TypeAdapter(Everything).json_schema()
    assert answer(schema, "a") == answer(schema, "a")
