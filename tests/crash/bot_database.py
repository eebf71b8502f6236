"""Read the bot's database from outside: to detect when it is idle, and to compare it with the ledger."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, create_engine, text

from tests.databases import KEPT

_OTHER_CONNECTIONS = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid() "
    f"AND application_name <> '{KEPT}'"
)
_EXPIRE_LEASES = "UPDATE outbox SET lease_until = lease_until - INTERVAL '1 hour' WHERE state = 'sending'"


@dataclass(frozen=True)
class BotDatabase:
    """The database at `url`."""

    url: str

    def query(self, statement: str) -> Sequence[tuple[Any, ...]]:
        """Return the rows of a SELECT."""
        with self._connected() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def unsettled(self) -> Mapping[tuple[str, str], int]:
        """Count the outbox rows that are not settled, by kind and state."""
        rows = self.query(
            "SELECT kind, state, count(*) FROM outbox WHERE settled_at IS NULL GROUP BY kind, state"
        )
        return {(kind, state): many for kind, state, many in rows}

    def execute(self, statement: str) -> None:
        """Execute a change, while no bot is running."""
        with self._connected() as connection:
            connection.execute(text(statement))
            connection.commit()

    async def expire_leases(self) -> None:
        """Expire the leases of a killed process. A bot that is alone on SQLite does not wait for them."""
        if self.url.startswith("postgresql"):
            while self.query(_OTHER_CONNECTIONS) != [(0,)]:  # noqa: ASYNC110 - the killed process's transaction is still being rolled back
                await asyncio.sleep(0.02)
            self.execute(_EXPIRE_LEASES)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        engine = create_engine(self.url)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()
