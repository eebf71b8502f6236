"""Compare migrations with tables; refuse unknown revisions, foreign tables and databases in use."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, inspect, text

from storage.engine import open_store
from storage.errors import SchemaError, StoreInUse
from storage.schema import HEAD, check_at_head, create_if_empty, is_empty, migrate
from storage.tables import metadata
from tests.source import ROOT

PROJECT = ROOT / "pyproject.toml"


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def checks(connection: Connection) -> dict[str, set[str]]:
    """Return the names of the check constraints in the database, which alembic does not compare."""
    inspector = inspect(connection)
    return {
        table: {str(check["name"]) for check in inspector.get_check_constraints(table)}
        for table in metadata.tables
    }


def definitions(connection: Connection) -> dict[str, str]:
    """Return the SQL of the indexes (order and conditions), which alembic does not compare."""
    spelled = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    }
    rows = connection.execute(text(spelled[connection.dialect.name])).all()
    return {name: " ".join(definition.split()) for name, definition in rows if "alembic" not in name}


def test_head_is_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(Config(toml_file=PROJECT)).get_heads() == [HEAD]


def test_an_empty_database_is_brought_to_head_and_matches_the_tables(empty_url: str) -> None:
    store = open_store(empty_url)
    assert is_empty(store)
    create_if_empty(store)
    assert not is_empty(store)
    create_if_empty(store)
    check_at_head(store)
    with store.engine.connect() as connection:
        assert differences(connection) == []
        assert checks(connection) == {
            name: {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint) and c.name}
            for name, table in metadata.tables.items()
        }
    store.close()


def test_downgrade_and_upgrade_again(empty_url: str) -> None:
    migrate(empty_url)
    store = open_store(empty_url)
    with store.engine.begin() as connection:
        command.downgrade(Config(toml_file=PROJECT, attributes={"connection": connection}), "base")
    with store.engine.begin() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    store.close()
    migrate(empty_url)
    migrate(empty_url)
    store = open_store(empty_url)
    with store.engine.connect() as connection:
        assert differences(connection) == []
    store.close()


def test_the_migrations_create_the_indexes_of_the_tables(empty_url: str) -> None:
    store = open_store(empty_url)
    create_if_empty(store)
    with store.engine.begin() as connection:
        migrated = definitions(connection)
        command.downgrade(Config(toml_file=PROJECT, attributes={"connection": connection}), "base")
        metadata.create_all(connection)
        assert migrated == definitions(connection)
    assert len(migrated) > 10
    store.close()


def test_migrating_works_in_any_working_directory(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    migrate(empty_url)
    store = open_store(empty_url)
    check_at_head(store)
    store.close()


def test_migrating_from_the_command_line_of_alembic(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic.config import CommandLine

    monkeypatch.chdir(tmp_path)
    CommandLine().main(["-c", str(PROJECT), "-x", f"url={empty_url}", "upgrade", "head"])
    store = open_store(empty_url)
    check_at_head(store)
    store.close()


@pytest.mark.parametrize(
    ("found", "said"), [("0000", "run `python bot.py migrate`"), ("9999", "newer than this version")]
)
def test_another_revision_is_refused(empty_url: str, found: str, said: str) -> None:
    store = open_store(empty_url)
    create_if_empty(store)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :found"), {"found": found})
    with pytest.raises(SchemaError, match=said):
        check_at_head(store)
    with pytest.raises(SchemaError, match=said):
        create_if_empty(store)
    store.close()


def test_a_database_of_a_newer_version_is_not_migrated(empty_url: str) -> None:
    migrate(empty_url)
    store = open_store(empty_url)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(SchemaError, match="newer than this version"):
        migrate(empty_url)


def test_a_database_without_tables_is_told_how_to_get_them(empty_url: str) -> None:
    store = open_store(empty_url)
    with pytest.raises(SchemaError, match=r"no tables yet. `python bot.py migrate` makes them"):
        check_at_head(store)
    store.close()
    migrate(empty_url)


def test_a_foreign_database_is_refused_and_unchanged(empty_url: str) -> None:
    store = open_store(empty_url)
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (id INTEGER)"))
    with pytest.raises(SchemaError, match="revision none"):
        create_if_empty(store)
    with store.engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["theirs"]
    store.close()


def test_a_database_in_use_is_not_migrated(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    store = open_store(url)
    with pytest.raises(StoreInUse):
        migrate(url)
    store.close()
