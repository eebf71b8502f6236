"""Write rows into databases of older revisions, whose columns had other names."""

from typing import Any

from sqlalchemy import Connection, Table, column, insert, table

#: New and old names of the columns that migration 0005 renamed, by table.
OLD_NAMES = {
    "cases": {
        "search_text": "searched",
        "thread_audit_id": "thread_seen",
        "ranking_fingerprint": "ranked_by",
    },
    "messages": {"search_text": "searched", "sender_authenticated": "vouched"},
    "suggestions": {"created_at": "made_at", "grounded_in": "stands_on"},
    "thread_posts": {"first_audit_id": "first", "last_audit_id": "last"},
    "handoffs": {"unreachable_at": "shut_at"},
    "opt_outs": {"text": "said"},
    "chat_sessions": {"last_read_message_id": "seen_id"},
    "transcripts": {"last_message_id": "up_to", "requested_at": "asked_at"},
    "outbox": {"send_started_at": "departed_at"},
    "cursors": {"pause_reason": "paused"},
}
#: New and old names of the columns that migrations after 0005 renamed, by table.
RENAMED_LATER = {"cases": {"reply_due": "first_reply_due"}}
#: Columns that later migrations added, by table.
ADDED_LATER = {
    "messages": {"language", "situation", "urgency", "reasons", "sentiment", "request", "media", "context"},
    "cases": {"outage_id", "outage_severity", "raised_at", "routing"},
    "audit": {"outage_id", "position", "erased_at"},
    "outbox": {"waits_since"},
    "destinations": {"paced_at"},
    "cursors": {"paused_at"},
}


def insert_old(connection: Connection, into: Table, *rows: dict[str, Any]) -> None:
    """Insert rows, given under the present names, into a table that still has the names before 0005."""
    old = OLD_NAMES.get(into.name, {}) | RENAMED_LATER.get(into.name, {})
    later = ADDED_LATER.get(into.name, set())
    before = table(into.name, *(column(old.get(one.name, one.name), one.type) for one in into.c))
    connection.execute(
        insert(before),
        [{old.get(name, name): value for name, value in row.items() if name not in later} for row in rows],
    )
