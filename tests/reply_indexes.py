"""Index the texts of saved replies once in a process, however many bots suggest them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

import pytest

from domain.triage.tfidf import TfidfIndex
from handlers.triage import text_index

#: Sets of texts; nearly all tests have the shipped ones.
_KEPT = 8


@pytest.fixture(scope="session", autouse=True)
def _indexed_once() -> Iterator[None]:
    with indexed_once():
        yield


@contextmanager
def indexed_once() -> Iterator[None]:
    """Share the index of the same texts, which nothing changes."""

    @lru_cache(_KEPT)
    def shared(texts: tuple[str, ...]) -> TfidfIndex:
        return TfidfIndex(texts)

    def index(texts: Sequence[str]) -> TfidfIndex:
        return shared(tuple(texts))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_index, "TfidfIndex", index)
        yield
