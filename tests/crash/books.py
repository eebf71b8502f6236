"""The bot's own books, read from outside: to know when it is at rest, and to compare them with what the world saw."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, create_engine, text

_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
_LET_TIME_PASS = "UPDATE outbox SET lease_until = lease_until - INTERVAL '1 hour' WHERE state = 'sending'"


@dataclass(frozen=True)
class Books:
    """The database at `url`."""

    url: str

    def ask(self, question: str) -> Sequence[tuple[Any, ...]]:
        """The rows that a SELECT gives."""
        with self._connected() as connection:
            return [tuple(row) for row in connection.execute(text(question))]

    def unsettled(self) -> Mapping[tuple[str, str], int]:
        """How many rows of the outbox are not at their end, by kind and state."""
        rows = self.ask(
            "SELECT kind, state, count(*) FROM outbox WHERE settled_at IS NULL GROUP BY kind, state"
        )
        return {(kind, state): many for kind, state, many in rows}

    def tell(self, change: str) -> None:
        """Change something, while no bot is at work."""
        with self._connected() as connection:
            connection.execute(text(change))
            connection.commit()

    async def let_leases_run_out(self) -> None:
        """Let the time pass that another copy would wait for one that died. One that is alone on SQLite does not wait."""
        if self.url.startswith("postgresql"):
            while self.ask(_OTHERS) != [(0,)]:  # noqa: ASYNC110 - what the dead one had begun is still being rolled back
                await asyncio.sleep(0.02)
            self.tell(_LET_TIME_PASS)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        engine = create_engine(self.url)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()
