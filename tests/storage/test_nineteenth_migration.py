"""Upgrade a database to version 19: floods, held cases and spend come with it."""

from sqlalchemy import inspect

from storage.engine import open_store
from tests.storage.revisions import to
from tests.storage.test_schema import differences

TABLES = {"floods", "flood_boards", "flood_arrivals", "held_cards", "spend"}


def test_the_tables_of_floods_come_and_go_with_the_version(migrated_url: str) -> None:
    store = open_store(migrated_url)
    to(store, "0018")
    with store.engine.connect() as connection:
        assert TABLES.isdisjoint(inspect(connection).get_table_names())
    to(store, "head")
    with store.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) >= TABLES
        assert differences(connection) == []
    store.close()
