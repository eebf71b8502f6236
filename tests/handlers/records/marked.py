"""Store a row about one customer in every table that has any, with a marker in all that may be theirs."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Float,
    Integer,
    LargeBinary,
    Table,
    insert,
    select,
)

from storage.engine import Store
from storage.tables import metadata
from storage.types import UtcDateTime
from tests.handlers.made import NOW

MARK = "zebra"
#: Columns that hold what is the desk's or the machine's own, by name, in whichever table.
OURS = frozenset(
    {
        "account_id", "actor", "card_channel", "card_digest", "card_ts", "channel", "chosen", "claimed_by",
        "client_key", "closed_by", "decided_by", "destination", "encoder", "grounded_in", "key", "kind",
        "language", "model", "network", "offered_by", "owner", "placed_by", "prompt", "prompt_version",
        "ranking_fingerprint", "reasons", "requested_by", "rules_version", "sent_by", "stream", "suggested",
        "taught_by", "thread_channel", "thread_ts", "ts", "user_id", "verified_by", "home", "situation",
        "read_situation", "action", "reply_block", "match_reason", "content_hash",
        "responses.policy",
        "responses.resolution_policy",
        "responses.answered_by",
        "responses.venue",
        "responses.end_reason",
        "responses.kind",
        "case_tags.name", "case_tags.added_by", "promises.made_by", "promises.settled_by",
        "issue_links.linked_by",
        "bulk_answer_rows.reason", "notice_mails.message_id",
    }
)  # fmt: skip
_OURS = "U0SAM"
#: Values of columns that only some values fit, without a check in the database.
_VALID: Mapping[str, Any] = {"action": "assigned", "series": "network:x", "related": []}
_REFERS = {"handoff_id": "handoffs", "case_id": "cases", "message_id": "messages", "outage_id": "outages"}


def about_customers() -> Iterator[Table]:
    """Yield the tables with rows about cases, hand-offs or subscribers, but cases and messages."""
    for table in metadata.sorted_tables:
        if table.name in {"cases", "messages"}:
            continue
        if {"case_id", "handoff_id", "message_id", "subscriber_id"} & set(table.c.keys()):
            yield table


def fill(store: Store, ids: dict[str, int]) -> None:
    """Insert a marked row into each of these tables; `ids` are those of rows that they refer to, by table."""
    with store.engine.begin() as connection:
        for table in about_customers():
            if table.name not in ids and table.name != "thread_posts":
                _insert(connection, table, ids, text=f"{MARK} {table.name}")


def insert_row(store: Store, table: Table, ids: dict[str, int], *, text: str, **given: object) -> None:
    """Insert a row with these values, and with `text` in what else is text; see `fill`."""
    with store.engine.begin() as connection:
        _insert(connection, table, ids, text=text, **given)


def _insert(
    connection: Connection, table: Table, ids: dict[str, int], *, text: str, **overrides: object
) -> None:
    """Insert a row with this text in all columns that may be a customer's, and the rows that it refers to."""
    for key in (key for column in table.c for key in column.foreign_keys):
        target = key.column.table
        if target is not table and target.name not in ids:
            _insert(connection, target, ids, text=_OURS)
    row = {column.name: _value(table, column, ids, text) for column in table.c} | overrides
    unchained = {"position", "erased_at"} if table.name == "audit" else set()
    given = {name: value for name, value in row.items() if value is not None and name not in unchained}
    result = connection.execute(insert(table).values(given))
    if "id" in table.c and result.inserted_primary_key is not None:
        ids.setdefault(table.name, result.inserted_primary_key[0])
    elif len(table.primary_key.columns) == 1:
        ids.setdefault(table.name, given[table.primary_key.columns[0].name])


def marks(store: Store) -> dict[str, list[str]]:
    """Return the columns that hold the marker anywhere, by table."""
    found: dict[str, list[str]] = {}
    with store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                held = [name for name, value in row.items() if MARK in _text(value)]
                if held:
                    found.setdefault(table.name, []).extend(held)
    return found


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value).casefold()


def _value(table: Table, column: Column[Any], ids: dict[str, int], text: str) -> Any:  # noqa: ANN401 - of its type
    target = next(iter(column.foreign_keys)).column.table.name if column.foreign_keys else None
    target = target or (_REFERS.get(column.name) if isinstance(column.type, Integer) else None)
    if target is not None or (column.primary_key and column.name == "id"):
        return ids.get(target or "")
    if column.name in _VALID:
        return _VALID[column.name]
    mark = _OURS if {column.name, f"{table.name}.{column.name}"} & OURS else f"{text} {column.name}"
    for kind, value in (
        (UtcDateTime, NOW),
        (JSON, {"a": mark}),
        (LargeBinary, mark.encode()),
        (Boolean, True),
        (Float | Integer, 1),
    ):
        if isinstance(column.type, kind):
            return value
    return _allowed(table, column) or mark


def _allowed(table: Table, column: Column[Any]) -> str | None:
    """Return the first value that a check allows in the column; `None` without a check."""
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint):
            found = re.match(rf"{column.name} IN \('(\w+)'", str(constraint.sqltext))
            if found:
                return found[1]
    return None
