"""Find in the plans of statements which large tables they would scan."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import event, text

from storage.engine import Store
from storage.unit_of_work import UnitOfWork

#: Tables of many rows, with the aliases that statements of reports give them; others may be scanned.
LARGE = (
    "messages",
    "cases",
    "responses",
    "audit",
    "handoffs",
    "ratings",
    "reply_choices",
    "publications",
    "case_tags",
    "customer_tags",
    "promises",
    "cause_cases",
    "model_calls",
)
#: Indexes of the few rows that are open: reading all of one is no scan of its table.
PARTIAL = ("ix_promises_open",)
ALIASES = ("again", "other", "reopening", "asking", "ours", "later")


@dataclass
class Plans:
    """The lines of the plans of all statements that were run."""

    lines: list[str] = field(default_factory=list)

    @property
    def scans(self) -> list[str]:
        """Those lines that scan a large table."""
        return [line for line in self.lines if _is_scan(line)]


def _is_scan(line: str) -> bool:
    if any(line.endswith(f"USING INDEX {index}") for index in PARTIAL):
        return False
    on_sqlite = any(line.startswith(f"SCAN {name}") for name in (*LARGE, *ALIASES))
    return on_sqlite or any(f"Seq Scan on {name}" in line for name in LARGE)


@contextmanager
def explained(store: Store) -> Iterator[tuple[UnitOfWork, Plans]]:
    """Yield a transaction, and the plans of its statements."""
    plans = Plans()

    def explain(_connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            prefix = "EXPLAIN QUERY PLAN " if store.engine.dialect.name == "sqlite" else "EXPLAIN "
            cursor.execute(prefix + statement, parameters)  # type: ignore[attr-defined]
            plans.lines.extend(str(row[-1]) for row in cursor.fetchall())  # type: ignore[attr-defined]

    event.listen(store.engine, "before_cursor_execute", explain)
    try:
        with store.unit_of_work() as uow:
            if store.engine.dialect.name == "postgresql":
                # With few rows a scan is always cheapest.
                uow._connection.execute(text("SET LOCAL enable_seqscan = off"))
            yield uow, plans
    finally:
        event.remove(store.engine, "before_cursor_execute", explain)
