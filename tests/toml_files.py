"""Parse each TOML text once in a process, however many bots are built in it."""

import pickle
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest


@pytest.fixture(scope="session", autouse=True)
def _parsed_once() -> Iterator[None]:
    with parsed_once():
        yield


@contextmanager
def parsed_once() -> Iterator[None]:
    """Remember what TOML texts say. Each caller gets a copy of its own."""
    parse = tomllib.loads

    @cache
    def pickled(text: str) -> bytes:
        return pickle.dumps(parse(text))

    def loads(text: str) -> dict[str, Any]:
        copy: dict[str, Any] = pickle.loads(pickled(text))  # noqa: S301 - pickled above
        return copy

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tomllib, "loads", loads)
        yield
