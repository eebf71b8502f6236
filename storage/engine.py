"""Open the store, and begin units of work."""

import logging
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from domain.cases.service_levels import ServiceLevels
from domain.errors import StaleCase
from storage.database_file import DatabaseFile, require_header, require_kept
from storage.errors import StoreBusy, StoreError
from storage.filelock import FileLock, create_private
from storage.inline_connection import InlineConnection
from storage.leadership import Leadership, Term
from storage.reachability import refusing_options, require_reachable
from storage.sqlite import empty_log, file_of, set_synchronous, sqlite_engine, sqlite_reading_engine
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from storage.notifications import NotificationListener, OnTopic

log = logging.getLogger(__name__)

# PostgreSQL's SQLSTATEs of conflicting transactions: unique violation, serialisation failure, deadlock.
_CONFLICT_STATES = frozenset({"23505", "40001", "40P01"})


class Store:
    """One database: units of work, leadership and notifications."""

    def __init__(
        self,
        engine: Engine,
        lock: FileLock | None = None,
        inline: InlineConnection | None = None,
        file: DatabaseFile | None = None,
        reader: Engine | None = None,
    ) -> None:
        self._engine = engine
        self._reader = reader
        #: SQLite's file; `None` in memory, on PostgreSQL, and where it is only looked at beside a bot.
        self.file = file
        self._lock = lock
        self._inline = inline
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._leadership = Leadership(engine)
        self._listeners: list[NotificationListener] = []
        #: Set once at the start, before the first use case: their channels are looked up in Slack.
        self.service_levels = ServiceLevels()

    @property
    def engine(self) -> Engine:
        """The engine, for migrations and benchmarks."""
        return self._engine

    @property
    def workers(self) -> int:
        """How many threads may use the store at once: one on SQLite, which has a single writer."""
        if self._is_sqlite:
            return 1
        from storage.postgres import WORKERS

        return WORKERS

    @property
    def reads_beside(self) -> bool:
        """Whether `unit_of_work_to_read` waits for no other unit of work, nor any other for it."""
        return self._reader is not None

    @contextmanager
    def unit_of_work(self, *, durable: bool = False) -> Generator[UnitOfWork]:
        """Begin a unit of work: committed on a normal exit, rolled back on an exception.

        On SQLite a commit survives a crash of the process, but not always a loss of power (write-ahead log
        with `synchronous=NORMAL`): the last commits may then be missing, as if they had never happened. That
        is not acceptable for a row that was marked *sending*: it may have been sent, and would be sent twice.
        `durable` writes that commit, and everything before it, with `synchronous=FULL`. PostgreSQL's commits
        are always durable.

        Raises `StaleCase` where PostgreSQL aborted this transaction in favour of another: run it again, and
        `LostLeadership` where it writes for a leader that has been replaced.
        """
        use_full_sync = durable and self._is_sqlite
        with self._engine.connect() as connection:
            if use_full_sync:
                set_synchronous(connection, "FULL")
            uow = UnitOfWork(connection, self.service_levels)
            try:
                with connection.begin():
                    yield uow
                    uow.case_changes.write(is_last=True)
                    if not self._is_sqlite:
                        self._leadership.require_term(connection, is_snapshot=uow.is_snapshot)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) in _CONFLICT_STATES:
                    raise StaleCase("another transaction was quicker") from error
                raise
            finally:
                uow.case_changes.cancel()
                if use_full_sync:
                    set_synchronous(connection, "NORMAL")

    @contextmanager
    def unit_of_work_at_once(self) -> Generator[UnitOfWork]:
        """Begin a unit of work that does not wait for other transactions, and hardly for the disk.

        Only for one thread: the first that calls this. Raises `StoreBusy` where another transaction is
        active, and always on PostgreSQL, where each statement waits for a server.
        """
        if self._inline is None:
            raise StoreBusy
        with self._inline.begun() as connection:
            yield UnitOfWork(connection, self.service_levels)

    @contextmanager
    def unit_of_work_to_read(self) -> Generator[UnitOfWork]:
        """Begin a unit of work that only reads, which on SQLite's file leaves the single writer free.

        Only for one thread at a time. A statement that writes raises `OperationalError` there.
        """
        if self._reader is None:
            with self.unit_of_work() as uow:
                yield uow
            return
        with self._reader.begin() as connection:
            yield UnitOfWork(connection, self.service_levels)

    def empty_log(self) -> bool:
        """Remove what was deleted from SQLite's write-ahead log; return whether none of it is left there."""
        if not self._is_sqlite:
            return True
        with self._engine.connect() as connection:
            return empty_log(connection)

    def leadership(self, name: str) -> bool:
        """Return whether this process leads `name`; ask before each run of the work."""
        return self._is_sqlite or self._leadership.holds(name)

    def term(self, name: str) -> Term | None:
        """Return the term in which this process leads `name`; `None` where it does not, and on SQLite."""
        return self._leadership.term(name)

    def listen(self, on_topic: "OnTopic") -> None:
        """Call `on_topic` on another thread with each topic that other processes signal.

        `None` means that some may have been missed. Ends when the store is closed. Does nothing on SQLite,
        which only one process may use.
        """
        if self._is_sqlite:
            return
        from storage.notifications import NotificationListener

        self._listeners.append(NotificationListener(self._engine, on_topic))

    def close(self) -> None:
        """Close all connections, release the leadership and the file lock."""
        while self._listeners:
            self._listeners.pop().stop()
        self._leadership.release()
        self._rescue()
        if self._inline is not None:
            self._inline.close()
        if self._reader is not None:
            self._reader.dispose()
        self._engine.dispose()
        if self._lock is not None:
            self._lock.release()

    def _rescue(self) -> None:
        """Copy what SQLite's open file holds to a new one, where the file at its place is not ours."""
        if self.file is None or (fault := self.file.fault()) is None or not fault.is_final:
            return
        with suppress(OSError, DBAPIError, sqlite3.Error), self._engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            log.error("%s: %s; what it held is in %s", self.file.path, fault.value, self.file.rescue(raw))


def open_store(url: str, *, beside_bot: bool = False, must_exist: bool = False) -> Store:
    """Open the database at a SQLAlchemy URL (`sqlite:///…` or `postgresql://…`); its schema is not checked.

    With `beside_bot` a bot may use the same SQLite file meanwhile: keep transactions short, they wait for
    each other. With `must_exist` no SQLite file is made: a command that was started in the wrong folder
    leaves nothing there. Raises `StoreInUse` where, without `beside_bot`, another process uses the file,
    `StoreUnreachable` where PostgreSQL cannot be reached, and `StoreError` where the URL cannot be used, or
    the file is missing that must exist.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreError(
            "DATABASE_URL is not an address of a database. Write sqlite:///switchboard.db or postgresql://user@host/name."
        ) from None
    match address.get_backend_name():
        case "sqlite":
            with refusing_options():
                if must_exist:
                    _require_file(address)
                return _open_sqlite(address, beside_bot=beside_bot)
        case "postgresql":
            from storage.postgres import postgres_engine

            with refusing_options():
                engine = postgres_engine(address)
                require_reachable(engine)
            return Store(engine)
        case other:
            raise StoreError(
                f"DATABASE_URL names “{other}”, which Switchboard does not know. Use sqlite:/// or postgresql://."
            )


def _require_file(address: URL) -> None:
    file = file_of(address)
    if file is not None and not file.exists():
        require_kept(file)
        raise StoreError(
            f"There is no database {file}. Start this in the folder in which the bot runs, or set DATABASE_URL. Where "
            "the bot never ran, `python bot.py migrate` makes one."
        )


def _open_sqlite(address: URL, *, beside_bot: bool) -> Store:
    file = file_of(address)
    if file is None:
        return Store(sqlite_engine(address))
    if not file.parent.is_dir():
        raise StoreError(
            f"The folder {file.parent} is not there, so no database can be kept in it. Make it first."
        )
    try:
        create_private(file)
        require_header(file)
    except OSError as error:
        raise StoreError(
            f"The database {file} cannot be opened ({error.strerror}). Let the user who runs the bot read and write it."
        ) from None
    if beside_bot:
        return Store(sqlite_engine(address))
    inline = sqlite_engine(address, at_once=True)
    store_file, reader = DatabaseFile.opened(file), sqlite_reading_engine(address)
    return Store(sqlite_engine(address), FileLock(file), InlineConnection(inline), store_file, reader)
