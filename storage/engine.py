"""The store: where units of work come from."""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from domain.errors import StaleCase
from storage.errors import StoreBusy, StoreError
from storage.filelock import FileLock
from storage.inline_connection import QuickConnection
from storage.leadership import Leadership
from storage.notifications import Hear, Listening
from storage.postgres import WORKERS, postgres_engine
from storage.sqlite import file_of, set_synchronous, sqlite_engine
from storage.unit_of_work import UnitOfWork

# What PostgreSQL calls it when two transactions met: unique violation, serialisation failure, deadlock.
_MET_ANOTHER = frozenset({"23505", "40001", "40P01"})


class Store:
    """`domain.ports.Store` over one database."""

    def __init__(
        self, engine: Engine, lock: FileLock | None = None, quick: QuickConnection | None = None
    ) -> None:
        self._engine = engine
        self._lock = lock
        self._quick = quick
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._leadership = Leadership(engine)
        self._listening: list[Listening] = []

    @property
    def engine(self) -> Engine:
        """For what is not a unit of work: migrations and benchmarks."""
        return self._engine

    @property
    def workers(self) -> int:
        """How many threads may use the store at once: one on SQLite, where writes would only wait for each other."""
        return 1 if self._is_sqlite else WORKERS

    @contextmanager
    def unit_of_work(self, *, durable: bool = False) -> Generator[UnitOfWork]:
        """Begin one; committed on leaving in peace, rolled back otherwise.

        SQLite's write-ahead log with `synchronous=NORMAL` survives the death of the process, but a loss of power may take
        the last commits back. For nearly everything that is as if it had not happened. Not so for a row that was marked
        *sending*: its act may be done by then, and the row, queued again, would do it twice. So that commit asks for `durable`:
        it is written with `synchronous=FULL` (and everything before it in the log with it). PostgreSQL's commits always are.

        Raises `StaleCase` where PostgreSQL gave up this transaction in favour of another one: run it again.
        """
        full = durable and self._is_sqlite
        with self._engine.connect() as connection:
            if full:
                set_synchronous(connection, "FULL")
            try:
                with connection.begin():
                    yield UnitOfWork(connection)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) in _MET_ANOTHER:
                    raise StaleCase("another transaction was quicker") from error
                raise
            finally:
                if full:
                    set_synchronous(connection, "NORMAL")

    @contextmanager
    def unit_of_work_at_once(self) -> Generator[UnitOfWork]:
        """Begin one that waits for nothing: neither for another transaction nor, but for a moment, for the disk.

        Of one thread only, the first that asks. Raises `StoreBusy` where another transaction is under way, and always on PostgreSQL,
        where each statement waits for a server.
        """
        if self._quick is None:
            raise StoreBusy
        with self._quick.begun() as connection:
            yield UnitOfWork(connection)

    def leadership(self, name: str) -> bool:
        """Whether this copy of the bot is the one that does what `name` stands for; asked anew before each time it is done."""
        return self._is_sqlite or self._leadership.holds(name)

    def listen(self, hear: Hear) -> None:
        """Hear what other copies of the bot signal until the store is closed, on another thread; SQLite has no other copies.

        `hear` is told each topic, and `None` where some may have been missed.
        """
        if not self._is_sqlite:
            self._listening.append(Listening(self._engine, hear))

    def close(self) -> None:
        """Let go of all connections, of what this copy leads, and of the file."""
        while self._listening:
            self._listening.pop().stop()
        self._leadership.release()
        if self._quick is not None:
            self._quick.close()
        self._engine.dispose()
        if self._lock is not None:
            self._lock.release()


def open_store(url: str, *, echo: bool = False) -> Store:
    """Open the database at a SQLAlchemy URL: `sqlite:///…` or `postgresql://…`. Its tables are `storage.schema`'s affair.

    Raises `StoreInUse` where another process works on the same SQLite file, `StoreError` where the URL cannot be used.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreError(
            "DATABASE_URL is not an address of a database. Write sqlite:///switchboard.db or postgresql://user@host/name."
        ) from None
    match address.get_backend_name():
        case "sqlite":
            return _open_sqlite(address, echo=echo)
        case "postgresql":
            return Store(postgres_engine(address, echo=echo))
        case other:
            raise StoreError(
                f"DATABASE_URL names “{other}”, which Switchboard does not know. Use sqlite:/// or postgresql://."
            )


def _open_sqlite(address: URL, *, echo: bool) -> Store:
    file = file_of(address)
    if file is None:
        return Store(sqlite_engine(address, echo=echo))
    if not file.parent.is_dir():
        raise StoreError(
            f"The folder {file.parent} is not there, so no database can be kept in it. Make it first."
        )
    quick = sqlite_engine(address, echo=echo, at_once=True)
    return Store(sqlite_engine(address, echo=echo), FileLock(file), QuickConnection(quick))
