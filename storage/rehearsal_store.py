"""Create, open and erase the database of a rehearsal: a file beside the real one, or a schema in it."""

from sqlalchemy import Engine, TextClause, make_url, text
from sqlalchemy.exc import DBAPIError

from storage.database_file import KNOWN
from storage.engine import Store, open_store
from storage.errors import SchemaError, StoreError
from storage.filelock import FileLock
from storage.schema import check_at_head, create_if_empty
from storage.sqlite import file_of

SCHEMA = "switchboard_rehearsal"
SUFFIX = ".rehearsal"
_DROP = text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
_CREATE = text(f"CREATE SCHEMA {SCHEMA}")
_IS_THERE = text("SELECT count(*) FROM information_schema.schemata WHERE schema_name = :name")


class RehearsalDatabase:
    """The database of a rehearsal, beside the real one at `url`. Its calls block."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._is_sqlite = self._url.get_backend_name() == "sqlite"
        self._own_url = self._url.set(database=f"{self._url.database}{SUFFIX}")

    def create(self) -> None:
        """Create it empty, whatever was there. Raises `StoreError` where the database does not let us."""
        if self._is_sqlite and file_of(self._url) is None:
            raise StoreError("A rehearsal needs a database in a file, and this one is in memory.")
        self.erase()
        try:
            if not self._is_sqlite:
                self._run(_CREATE)
            store = self._open()
            try:
                create_if_empty(store)
            finally:
                store.close()
        except DBAPIError as error:
            raise StoreError(
                f"The database does not let us create a schema for the rehearsal ({type(error.orig).__name__}). "
                "Its user needs the right CREATE on the database."
            ) from error

    def open(self) -> Store | None:
        """Open it; `None` where it is not there, or made by another version."""
        if not self._exists():
            return None
        store = self._open()
        try:
            check_at_head(store)
        except SchemaError:
            store.close()
            return None
        return store

    def erase(self) -> None:
        """Delete it with everything in it; nothing where it is not there."""
        if not self._is_sqlite:
            self._run(_DROP)
        elif self._exists() and (file := file_of(self._own_url)) is not None:
            lock = FileLock(file)
            try:
                for suffix in ("", "-wal", "-shm", KNOWN):
                    file.with_name(file.name + suffix).unlink(missing_ok=True)
            finally:
                lock.release()

    def _exists(self) -> bool:
        if self._is_sqlite:
            file = file_of(self._own_url)
            return file is not None and file.is_file()
        engine = self._engine()
        try:
            with engine.connect() as connection:
                return bool(connection.scalar(_IS_THERE, {"name": SCHEMA}))
        finally:
            engine.dispose()

    def _open(self) -> Store:
        if self._is_sqlite:
            return open_store(self._own_url.render_as_string(hide_password=False))
        return Store(self._engine(SCHEMA))

    def _engine(self, schema: str | None = None) -> Engine:
        from storage.postgres import postgres_engine

        return postgres_engine(self._url, schema=schema)

    def _run(self, statement: TextClause) -> None:
        engine = self._engine()
        try:
            with engine.begin() as connection:
                connection.execute(statement)
        finally:
            engine.dispose()
