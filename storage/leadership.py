"""Elect a leader among several processes, by a lease, for work that only one may do, such as polling."""

import time
import uuid
from collections.abc import Generator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock
from typing import cast

from sqlalchemy import Column, Connection, Engine, Integer, Table, Text, text
from sqlalchemy.exc import DBAPIError

from storage.errors import LostLeadership
from storage.late_transactions import ALONE
from storage.tables import metadata
from storage.types import CleanText, UtcDateTime

#: Seconds after which a leader that does not renew its lease is replaced.
LEASE = 20.0
#: Seconds for which a leader that renewed its lease does not ask again.
RENEW_AFTER = 4.0

# On PostgreSQL alone: one row for each name. `term` grows with each new leader.
leaderships = Table(
    "leaderships",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", CleanText, nullable=False),
    Column("term", Integer, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

# By the server's clock, which all processes share. A lease longer than any is from before it was set back.
_ACQUIRE = text(
    "INSERT INTO leaderships AS held (name, owner, term, expires_at) "
    "VALUES (:name, :owner, 1, clock_timestamp() + make_interval(secs => :lease)) "
    "ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at, "
    "term = held.term + CASE WHEN held.owner = excluded.owner THEN 0 ELSE 1 END "
    "WHERE held.owner = excluded.owner OR held.expires_at < clock_timestamp() "
    "OR held.expires_at > excluded.expires_at + make_interval(secs => :lease) "
    "RETURNING term"
).execution_options(**ALONE)
_RELEASE = text(
    "UPDATE leaderships SET expires_at = clock_timestamp() WHERE owner = :owner AND expires_at > clock_timestamp()"
).execution_options(**ALONE)
_HOLDS = text("SELECT 1 FROM leaderships WHERE name = :name AND owner = :owner AND term = :term")
# Who takes over waits until this transaction is committed, or until the server ends the session of a frozen
# process (`storage.postgres.IDLE_TIMEOUT`): so nothing is committed after another copy leads.
_HOLDS_UNTIL_COMMIT = text(f"{_HOLDS.text} FOR SHARE")


@dataclass(frozen=True, slots=True)
class Term:
    """The time during which one process leads `name`, by its number."""

    owner: str
    name: str
    number: int


_term: ContextVar[Term | None] = ContextVar("term", default=None)


@contextmanager
def under_term(term: Term | None) -> Generator[None]:
    """Have what is written meanwhile, in this context, refused once the term is over."""
    token = _term.set(term)
    try:
        yield
    finally:
        _term.reset(token)


class Leadership:
    """Leases in a table of PostgreSQL, renewed whenever `holds` is asked.

    A process that dies or is frozen does not renew its lease, and the next that asks gets it. One that wakes
    up late writes nothing more of what it began as leader; see `under_term`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._owner = uuid.uuid4().hex
        self._lock = Lock()
        self._terms: dict[str, tuple[Term, float]] = {}

    def holds(self, name: str) -> bool:
        """Return whether this process holds `name`; acquires it where it is free.

        False where the database fails.
        """
        with self._lock:
            held = self._terms.get(name)
            if held is not None and time.monotonic() - held[1] < RENEW_AFTER:
                return True
            asked_at = time.monotonic()
            try:
                number = self._acquire(name)
            except DBAPIError:
                number = None
            if number is None:
                self._terms.pop(name, None)
            else:
                self._terms[name] = Term(self._owner, name, number), asked_at
            return number is not None

    def term(self, name: str) -> Term | None:
        """Return the term in which this process leads `name`, as it was last confirmed."""
        held = self._terms.get(name)
        return held[0] if held is not None else None

    def require_term(self, connection: Connection, *, is_snapshot: bool = False) -> None:
        """Raise `LostLeadership` where this writes for a leader of this database whose term is over.

        Nobody else leads before the commit then. What reads a snapshot writes nothing, and cannot lock what
        was renewed since.
        """
        term = _term.get()
        if term is None or term.owner != self._owner:
            return
        from storage.postgres import has_begun

        if not has_begun(connection):
            return
        values = {"name": term.name, "owner": term.owner, "term": term.number}
        if connection.scalar(_HOLDS if is_snapshot else _HOLDS_UNTIL_COMMIT, values) is None:
            raise LostLeadership(f"another copy leads “{term.name}” by now")

    def release(self) -> None:
        """Release all names, so that another process need not wait for the leases to run out."""
        with self._lock, suppress(DBAPIError):
            if self._terms:
                self._terms.clear()
                with self._engine.connect() as connection:
                    connection.execute(_RELEASE, {"owner": self._owner})

    def _acquire(self, name: str) -> int | None:
        values = {"name": name, "owner": self._owner, "lease": LEASE}
        with self._engine.connect() as connection:
            return cast("int | None", connection.scalar(_ACQUIRE, values))
