"""Migrate the schema, only on request, and check its revision."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from storage.database_file import record_known, require_kept, require_sound
from storage.dialects import is_sqlite
from storage.engine import Store, open_store
from storage.errors import SchemaError

#: The newest migration, so that a start need not import alembic; a test compares it with the scripts.
HEAD = "0048"
_PROJECT = Path(__file__).parent.parent / "pyproject.toml"
# Serialises the migration where several processes start on an empty database. ("sche" in ASCII.)
_MIGRATION_LOCK = text("SELECT pg_advisory_xact_lock(1935894629)")


def migrate(url: str) -> None:
    """Migrate the database at `url` to head.

    Raises `StoreInUse` while a bot uses it (SQLite), `StoreError` where it is empty although there was one,
    and `SchemaError` where a newer version made it.
    """
    store = open_store(url)
    try:
        with store.engine.begin() as connection:
            if store.file is not None and not inspect(connection).get_table_names():
                require_kept(store.file.path)
            _refuse_newer(_revision(connection))
            _upgrade(connection)
    finally:
        store.close()


def create_if_empty(store: Store) -> None:
    """Migrate an empty database to head, and leave any other unchanged.

    Raises `SchemaError` where it is not at head, and `StoreError` where a SQLite file is damaged, or is empty
    although there was a database.
    """
    if store.file is not None:
        require_sound(store.file.path)
    with store.engine.begin() as connection:
        if not is_sqlite(connection):
            connection.execute(_MIGRATION_LOCK)
        if not inspect(connection).get_table_names():
            if store.file is not None:
                require_kept(store.file.path)
            _upgrade(connection)
    check_at_head(store)
    if store.file is not None:
        record_known(store.file.path)


def is_empty(store: Store) -> bool:
    """Return whether the database has no table."""
    with store.engine.connect() as connection:
        return not inspect(connection).get_table_names()


def check_at_head(store: Store) -> None:
    """Raise `SchemaError` unless the database is at the revision that this version needs."""
    with store.engine.connect() as connection:
        revision = _revision(connection)
    if revision == HEAD:
        return
    _refuse_newer(revision)
    if revision is None and is_empty(store):
        if store.file is not None:
            require_kept(store.file.path)
        raise SchemaError(
            f"The database {_place(store)}has no tables yet. `python bot.py migrate` makes them, and so does the "
            "first `python bot.py run`."
        )
    raise SchemaError(
        f"The database is at revision {revision or 'none'}, and this version of the bot needs {HEAD}. "
        "Make a backup, then run `python bot.py migrate`."
    )


def _refuse_newer(revision: str | None) -> None:
    if revision is not None and revision > HEAD:
        raise SchemaError(
            f"The database is at revision {revision}, newer than this version of the bot, which needs {HEAD}. "
            "Start the version that made it, or restore the backup from before its migration."
        )


def _place(store: Store) -> str:
    return f"{store.file.path} " if store.file is not None else ""


def schema_fault(store: Store) -> str | None:
    """Return why the database cannot be used: "unreachable" or "not at head"; `None` where it can."""
    try:
        with store.engine.connect() as connection:
            revision = _revision(connection)
    except DBAPIError:
        return "unreachable"
    return None if revision == HEAD else "not at head"


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    command.upgrade(Config(toml_file=_PROJECT, attributes={"connection": connection}), "head")
