"""Fill a database with a year of cases and their messages, in bulk: by COPY, or one statement for a table."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, text

from storage.dialects import is_sqlite
from storage.engine import Store
from storage.late_transactions import ALONE
from storage.response_tables import responses
from storage.tables import audit, cases, messages

PERIOD = timedelta(days=365)
#: The share of the cases, the newest, whose customers wait.
OPEN = 0.01
#: Two of each case are the customer's, the third is our answer.
MESSAGES_A_CASE = 3
SITUATIONS = ("outage_report", "question", "cannot_pay", "delivery", "refund", "praise", "other", "spam")
_LANGUAGES = ("en", "en", "en", "es", "de", "fr")
_CHANNELS = ("C0SUPPORT1", "C0SUPPORT1", "C0PAYMENTS")
_AGENTS = ("U0AGENT1", "U0AGENT2", "U0AGENT3", "U0AGENT4")
_WORDS = "the app took my payment twice and shows an error since this morning, is anybody there at all? " * 2
Row = dict[str, Any]


def fill(store: Store, *, count: int, until: datetime) -> None:
    """Store `count` messages, evenly over the year before `until`, oldest first; then gather statistics."""
    with store.engine.begin() as connection:
        _insert(connection, cases, (case for case, _ in _made(count, until)))
        _insert(connection, messages, (row for _, rows in _made(count, until) for row in rows))
        _insert(
            connection, responses, (row for case, rows in _made(count, until) for row in _waits(case, rows))
        )
        resolved = (case for case, _ in _made(count, until) if case["state"] == "resolved")
        _insert(connection, audit, map(_resolution, resolved))
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        analyze = text("ANALYZE" if is_sqlite(connection) else "VACUUM ANALYZE")
        connection.execute(analyze, execution_options=ALONE)


def _made(count: int, until: datetime) -> Iterator[tuple[Row, list[Row]]]:
    """Yield each case with its messages; the same for the same arguments."""
    chosen = random.Random(7)
    many = count // MESSAGES_A_CASE
    for number in range(1, many + 1):
        opened = until - PERIOD * (1 - number / many)
        answered = opened + timedelta(seconds=chosen.lognormvariate(7, 1.2))
        case = _case(number, opened, answered, chosen)
        if number > many * (1 - OPEN):
            case |= _left_open(number, answered)
        yield case, _messages(number, case, opened, answered, chosen)


def _case(number: int, opened: datetime, answered: datetime, chosen: random.Random) -> Row:
    agent, state = chosen.choice(_AGENTS), chosen.choice(("resolved", "resolved", "waiting", "dismissed"))
    is_closed = state != "waiting"
    author = f"author{chosen.randrange(200_000)}"
    return {
        "id": number,
        "version": 3,
        "network": "x",
        "account_id": "1",
        "author_id": author,
        "author_handle": author,
        "author_name": author,
        "author_followers": number * 7_919 % 12_000,
        "state": state,
        "language": chosen.choice(_LANGUAGES),
        "situation": chosen.choice(SITUATIONS),
        "urgency": 1,
        "reasons": "[]",
        "sentiment": chosen.uniform(-1, 1),
        "opened_at": opened,
        "last_message_at": answered,
        "channel": chosen.choice(_CHANNELS),
        "sort_key": float(number * 7_919 % 10_007),
        "conversation_id": str(number),
        "reply_to_id": str(number),
        "claimed_by": agent,
        "claimed_at": opened,
        "first_replied_at": answered,
        "closed_by": agent if is_closed else None,
        "closed_at": answered + timedelta(hours=2) if is_closed else None,
        "card_channel": "C0SUPPORT1",
        "card_ts": f"{number}.000000",
        "card_digest": "0123456789abcdef",
        "thread_audit_id": 0,
        "search_text": author,
        "outage_severity": 0,
    }


def _left_open(number: int, since: datetime) -> Row:
    """Return what differs in a case whose customer waits; every other one is claimed."""
    return {
        "state": "open",
        "claimed_by": f"U0AGENT{number % 40}" if number % 2 else None,
        "waiting_since": since,
        "reply_due": since + timedelta(hours=4),
        "closed_by": None,
        "closed_at": None,
    }


def _messages(
    number: int, case: Row, opened: datetime, answered: datetime, chosen: random.Random
) -> list[Row]:
    words = _WORDS[chosen.randrange(90) :]
    shared = {
        "case_id": number,
        "network": "x",
        "account_id": "1",
        "venue": "public",
        "author_name": case["author_name"],
        "text": words,
        "search_text": words,
        "attempt": 1,
        "sender_authenticated": False,
    }
    said = {
        "direction": "in",
        "author_id": case["author_id"],
        "language": case["language"],
        "situation": case["situation"],
        "urgency": 1,
        "reasons": "[]",
        "sentiment": case["sentiment"],
    }
    first = number * MESSAGES_A_CASE - 2
    again = answered + timedelta(hours=chosen.uniform(0.1, 30))
    return [
        shared | said | {"id": first, "created_at": opened, "external_id": str(first)},
        shared
        | {"id": first + 1, "direction": "out", "author_id": "1", "created_at": answered}
        | {"delivery": "sent", "sent_by": case["claimed_by"], "sent_at": answered},
        shared | said | {"id": first + 2, "created_at": again, "external_id": str(first + 2)},
    ]


def _waits(case: Row, rows: list[Row]) -> list[Row]:
    asked, answer, again = rows
    shared = {"case_id": case["id"], "by_offer": False}
    first = {
        "id": 2 * case["id"] - 1,
        "kind": "first",
        "asked_at": asked["created_at"],
        "due_at": asked["created_at"] + timedelta(minutes=60),
        "answered_at": answer["created_at"],
        "answered_by": case["claimed_by"],
        "venue": "public",
        "office_seconds": (answer["created_at"] - asked["created_at"]).total_seconds() / 2,
    }
    further = {
        "id": 2 * case["id"],
        "kind": "next",
        "asked_at": again["created_at"],
        "due_at": again["created_at"] + timedelta(minutes=60),
        "ended_at": again["created_at"] + timedelta(hours=1),
        "end_reason": "resolved",
    }
    return [shared | first, shared | further]


def _resolution(case: Row) -> Row:
    return {
        "id": case["id"],
        "at": case["closed_at"],
        "actor": case["closed_by"],
        "action": "resolved",
        "case_id": case["id"],
        "version": 3,
        "detail": "{}",
    }


def _insert(connection: Connection, table: Table, rows: Iterator[Row]) -> None:
    """Insert the rows; all have the columns of the first or of the others that the table may leave empty."""
    names = [column.name for column in table.columns]
    values = (tuple(row.get(name) for name in names) for row in rows)
    raw: Any = connection.connection.driver_connection
    listed = ", ".join(names)
    if is_sqlite(connection):
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table.name} ({listed}) VALUES ({marks})"
        while batch := [tuple(map(_in_sqlite, row)) for row in islice(values, 10_000)]:
            raw.executemany(statement, batch)
        return
    with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({listed}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)


def _in_sqlite(value: object) -> object:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value
