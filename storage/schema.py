"""The schema's version: brought to head on purpose, never behind somebody's back."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from storage.dialects import is_sqlite
from storage.engine import Store, open_store
from storage.errors import SchemaError

#: The newest migration. Kept here so that a start needs no alembic; a test holds it to the scripts.
HEAD = "0003"
_PROJECT = Path(__file__).parent.parent / "pyproject.toml"
# Two copies that start on an empty database take turns. ("sche" in ASCII.)
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(1935894629)")


def migrate(url: str) -> None:
    """Bring the database at `url` to head. Raises `StoreInUse` while a bot works on it (SQLite)."""
    store = open_store(url)
    try:
        with store.engine.begin() as connection:
            _upgrade(connection)
    finally:
        store.close()


def create_if_empty(store: Store) -> None:
    """Bring an empty database to head, leave any other as it is; raises `SchemaError` where that is not at head."""
    with store.engine.begin() as connection:
        if not is_sqlite(connection):
            connection.execute(_ONE_AT_A_TIME)
        if not inspect(connection).get_table_names():
            _upgrade(connection)
    check_at_head(store)


def is_empty(store: Store) -> bool:
    """Whether the database holds no table at all."""
    with store.engine.connect() as connection:
        return not inspect(connection).get_table_names()


def check_at_head(store: Store) -> None:
    """Raise `SchemaError` unless the database is at the revision that this version of the bot needs."""
    with store.engine.connect() as connection:
        found = _revision(connection)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise SchemaError(
            f"The database is at revision {found}, newer than this version of the bot, which needs {HEAD}. "
            "Start the version that made it, or restore the backup from before its migration."
        )
    raise SchemaError(
        f"The database is at revision {found or 'none'}, and this version of the bot needs {HEAD}. "
        "Make a backup, then run `python bot.py migrate`."
    )


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    command.upgrade(Config(toml_file=_PROJECT, attributes={"connection": connection}), "head")
