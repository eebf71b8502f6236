"""Compile each SQL statement once in a process, however many stores are opened in it.

A bot compiles some 150 statements within its first second, which takes as long as all else of its start.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import URL, Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from storage import postgres, sqlite

#: More statements than all tests have.
_KEPT = 5000


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    with compiled_once():
        yield


@contextmanager
def compiled_once() -> Iterator[None]:
    """Share what was compiled between all engines that are created meanwhile.

    A statement is found by its dialect and its shape. Dialects of one class are made with the same options,
    and therefore compile alike.
    """
    shared: LRUCache[Any, Any] = LRUCache(_KEPT)

    def sharing(create: Callable[..., Engine]) -> Callable[..., Engine]:
        def create_engine(url: URL, **options: Any) -> Engine:  # noqa: ANN401 - as SQLAlchemy has it
            engine = create(url, **options)
            engine._compiled_cache = shared
            return engine

        return create_engine

    with pytest.MonkeyPatch.context() as patch:
        for module in (postgres, sqlite):
            patch.setattr(module, "create_engine", sharing(module.create_engine))
        for dialect in (PGDialect_psycopg, SQLiteDialect_pysqlite):
            patch.setattr(dialect, "__eq__", lambda self, other: type(self) is type(other), raising=False)
            patch.setattr(dialect, "__hash__", lambda self: hash(type(self)), raising=False)
        yield
