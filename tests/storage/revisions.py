"""Bring a database to another revision of the schema, for the tests of migrations."""

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from storage.engine import Store
from tests.source import ROOT

PROJECT = ROOT / "pyproject.toml"
_REVISION = text("SELECT version_num FROM alembic_version")


def to(store: Store, revision: str) -> None:
    """Upgrade or downgrade to a revision, to "head" or by "-1"; where it is at that, nothing happens."""
    with store.engine.begin() as connection:
        config = Config(toml_file=PROJECT, attributes={"connection": connection})
        is_up = revision == "head" or (revision.isdecimal() and revision > str(connection.scalar(_REVISION)))
        (command.upgrade if is_up else command.downgrade)(config, revision)
