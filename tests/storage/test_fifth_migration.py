"""Rename columns in a database with rows: nothing is lost, neither on the way up nor on the way down."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Table, column, select, table, update

from domain.chat.session import ChatSession
from domain.chat.transcript import Transcript
from domain.delivery.effects import PostCard
from domain.intake.streams import Cursor, SourceFault
from domain.records.audit import ThreadPost
from domain.triage.drafts import Source, Suggestion
from storage.engine import Store, open_store
from storage.outbox_tables import outbox
from storage.tables import metadata
from tests.storage.made import NOW, SECOND, a_full_case, a_handoff, a_message
from tests.storage.older_tables import ADDED_LATER, OLD_NAMES, RENAMED_LATER
from tests.storage.revisions import to
from tests.storage.test_schema import checks, definitions, differences

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def filled(migrated_url: str) -> Iterator[Store]:
    """A database at head with a row in each table that has renamed columns, each of them set."""
    store = open_store(migrated_url)
    with store.unit_of_work() as uow:
        [case] = uow.cases.add_many([replace(a_full_case(), first_replied_at=None)])
        uow.cases.record_thread_position(case.id, audit_id=17)
        [message] = uow.messages.add_many(
            [replace(a_message(case.id), sender_authenticated=True)], network="x", account_id="1"
        )
        uow.suggestions.add(_suggestion(case.id, message.id))
        uow.thread_posts.add(
            ThreadPost(case_id=case.id, channel="C1", ts="2.1", first_audit_id=3, last_audit_id=5)
        )
        handoff = uow.handoffs.add(a_handoff(case.id, unreachable_at=NOW + SECOND))
        uow.opt_outs.add("x", "1", "77", text="STOP please", now=NOW)
        uow.chat_sessions.add(
            ChatSession(
                id=0,
                handoff_id=handoff.id,
                secret_hash="ab",
                created_at=NOW,
                last_seen_at=NOW,
                last_read_message_id=message.id,
            )
        )
        uow.transcripts.add(
            Transcript(
                id=0,
                handoff_id=handoff.id,
                case_id=case.id,
                address="ana@example.com",
                last_message_id=message.id,
                requested_at=NOW + 2 * SECOND,
            )
        )
        uow.outbox.add([PostCard(case.id, "C1")], now=NOW)
        uow.cursors.save(
            Cursor(network="x", account_id="1", stream="mentions", pause_reason=SourceFault.OUT_OF_CREDIT)
        )
    with store.engine.begin() as connection:
        connection.execute(update(outbox).values(send_started_at=NOW + 3 * SECOND))
    yield store
    store.close()


def _suggestion(case_id: int, message_id: int) -> Suggestion:
    return Suggestion(
        case_id=case_id,
        message_id=message_id,
        text="Sorry!",
        language="en",
        source=Source.MODEL,
        name="sorry",
        version="3",
        title="Sorry",
        created_at=NOW,
        grounded_in="sorry",
    )


def rows(store: Store, *, old: bool = False) -> Rows:
    """Load the tables with renamed columns, under the present names; `old` where the database has the old."""
    with store.engine.connect() as connection:
        return {
            name: [
                dict(row)
                for row in connection.execute(_select(metadata.tables[name], names if old else {})).mappings()
            ]
            for name, names in OLD_NAMES.items()
        }


def _select(of: Table, names: dict[str, str]) -> Any:  # noqa: ANN401 - a query
    names = names | RENAMED_LATER.get(of.name, {}) if names else names
    columns = [one for one in of.c if one.name not in ADDED_LATER.get(of.name, ())]
    stored = table(of.name, *(column(names.get(one.name, one.name), one.type) for one in columns))
    return select(*(stored.c[names.get(one.name, one.name)].label(one.name) for one in columns))


def test_renamed_columns_keep_their_values_indexes_and_constraints(filled: Store) -> None:
    before = rows(filled)
    renamed = [
        row[name] for table_name, names in OLD_NAMES.items() for row in before[table_name] for name in names
    ]
    assert len(renamed) == 16
    assert all(renamed), "each renamed column has a value that could be lost"
    with filled.engine.connect() as connection:
        indexes, constraints = definitions(connection), checks(connection)
    to(filled, "0004")
    assert rows(filled, old=True) == before
    to(filled, "head")
    assert rows(filled) == before
    with filled.engine.connect() as connection:
        assert (definitions(connection), checks(connection)) == (indexes, constraints)
        assert differences(connection) == []
