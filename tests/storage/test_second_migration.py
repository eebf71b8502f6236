"""Upgrade a database with rows from version 1 to 2, and downgrade it again."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Table, insert, select, text

from domain.cases.messages import Direction
from domain.cases.search import folded
from storage.case_rows import row_of
from storage.engine import Store, open_store
from storage.tables import cases, messages
from tests.storage.made import ANA, NOW, a_case
from tests.storage.older_tables import insert_old
from tests.storage.revisions import to

MANY = 1_001  # one more than a batch of the migration
SAID = ["GROSSE Straße", "ΐ Ϊ\u0301", "ｆｕｌｌ", "İstanbul", "", "caf\u0065\u0301"]


def version_1_columns(table: Table, **row: Any) -> dict[str, Any]:  # noqa: ANN401 - any column
    """Drop the columns that version 1 did not have."""
    new = {
        "search_text",
        "delivered_at",
        "thread_ts",
        "subject",
        "original",
        "handoff_id",
        "sender_authenticated",
        "author_takes_messages",
        "reopened_at",
        "ranking_fingerprint",
        "thread_channel",
        "match_reason",
    }
    return {name: value for name, value in row.items() if name in table.c and name not in new}


@pytest.fixture
def old(migrated_url: str) -> Iterator[Store]:
    """A database of version 1 with a case and many messages."""
    store = open_store(migrated_url)
    to(store, "0001")
    with store.engine.begin() as connection:
        case = version_1_columns(cases, id=1, **row_of(a_case()))
        insert_old(connection, cases, case)
        line = {
            "case_id": 1,
            "network": "x",
            "account_id": "1",
            "direction": Direction.IN.value,
            "venue": "public",
            "author_id": ANA.id,
            "author_name": ANA.name,
            "created_at": NOW,
            "attempt": 1,
        }
        rows = [line | {"id": n + 1, "text": SAID[n % len(SAID)], "external_id": str(n)} for n in range(MANY)]
        connection.execute(insert(messages), rows)
    yield store
    store.close()


def test_existing_rows_become_searchable_and_survive_a_downgrade(old: Store) -> None:
    to(old, "head")
    with old.engine.connect() as connection:
        rows = connection.execute(
            select(messages.c.text, messages.c.search_text).order_by(messages.c.id)
        ).all()
        assert connection.scalar(select(cases.c.search_text)) == folded(ANA.name, ANA.handle)
    assert len(rows) == MANY
    assert [row.search_text for row in rows] == [folded(row.text, "") for row in rows]
    with old.unit_of_work() as uow:
        [case] = uow.case_search.find(["STRASSE", "CAFÉ", "ngata"], limit=5)
        assert uow.messages.get(1).handoff_id is None
        assert uow.messages.get(1).sender_authenticated is False
    to(old, "0001")
    with old.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM messages")) == MANY
        assert connection.scalar(text("SELECT author_name FROM cases")) == case.author.name
    to(old, "head")
    with old.unit_of_work() as uow:
        assert uow.case_search.find(["strasse"], limit=5) == [case]
