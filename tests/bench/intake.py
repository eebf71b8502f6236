"""Benchmark intake: mentions per second through the use case, against a raw Core upsert of the same rows."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite

from adapters.networks.x.profile import PROFILE
from domain.intake.posts import Post
from domain.intake.stream_names import MENTIONS
from handlers.intake.mentions import ingest_posts
from handlers.triage.classify import Classifier
from storage.engine import Store, open_store
from storage.outbox_tables import outbox
from storage.tables import metadata
from tests.bench.databases import Databases
from tests.bench.figures import Figure, share_of_floor
from tests.bench.posts import ACCOUNT, BATCH, batches, classifier, posts
from tests.bench.sizes import Sizes

AT_LEAST = 0.25
ON_SQLITE = 2_000  # mentions a second
Rows = list[tuple[Table, list[dict[str, Any]]]]


def intake(databases: Databases, sizes: Sizes) -> list[Figure]:
    """Measure on each database the best of several rounds, in alternation with the baseline."""
    reader, made = classifier(), posts(sizes.mentions + BATCH)
    figures = []
    for name, fresh in databases.items():
        measured, floor = [], []
        for _ in range(sizes.rounds):
            rate, written = _received(fresh(), made, reader)
            measured.append(rate)
            floor.append(_upserted(fresh(), written))
        best = max(measured)
        figures.append(share_of_floor(f"intake, {name}", "/s", best, max(floor), AT_LEAST))
        if name == "SQLite":
            figures.append(
                Figure(
                    what=f"intake, {name}",
                    unit="/s",
                    measured=best,
                    goal=f"≥ {ON_SQLITE:,} /s",
                    met=best >= ON_SQLITE,
                )
            )
    return figures


def _received(url: str, made: list[Post], reader: Classifier) -> tuple[float, list[Rows]]:
    """Return the mentions per second, and the rows of each batch.

    The first batch, which compiles the statements, is not timed.
    """
    store = open_store(url)
    written: list[Rows] = []
    seen: dict[str, int] = {}
    seconds = 0.0
    for batch in batches(made):
        began = time.perf_counter()
        _receive(store, batch, reader)
        seconds += (time.perf_counter() - began) if written else 0.0
        written.append(_new_rows(store, seen))
    store.close()
    return (len(made) - BATCH) / seconds, written


def _receive(store: Store, batch: Sequence[Post], reader: Classifier) -> None:
    with store.unit_of_work() as uow:
        ingest_posts(
            uow,
            account=ACCOUNT,
            profile=PROFILE,
            posts=batch,
            stream=MENTIONS,
            newest_id=batch[-1].id,
            classifier=reader,
            now=datetime.now(UTC),
        )


def _new_rows(store: Store, seen: dict[str, int]) -> Rows:
    """Return the rows with an id above those in `seen`, by table in foreign key order."""
    found: Rows = []
    with store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            if "id" in table.c and table.c.id.type.python_type is int:
                fresh = select(table).where(table.c.id > seen.get(table.name, 0)).order_by(table.c.id)
                if rows := [dict(row) for row in connection.execute(fresh).mappings()]:
                    seen[table.name] = rows[-1]["id"]
                    found.append((table, rows))
    return found


def _upserted(url: str, written: list[Rows]) -> float:
    """Return the mentions per second of a raw upsert of known rows.

    The first batch, which compiles the statements, is not timed.
    """
    store = open_store(url)
    statements = {table: _upsert(store, table) for part in written for table, _ in part}
    _put(store, written[0], statements)
    began = time.perf_counter()
    for part in written[1:]:
        _put(store, part, statements)
    seconds = time.perf_counter() - began
    store.close()
    return BATCH * (len(written) - 1) / seconds


def _put(store: Store, part: Rows, statements: dict[Table, Any]) -> None:
    with store.engine.begin() as connection:
        for table, rows in part:
            connection.execute(statements[table], rows)


def _upsert(store: Store, table: Table) -> Any:  # noqa: ANN401 - the insert of either dialect
    insert = sqlite.insert if store.engine.dialect.name == "sqlite" else postgresql.insert
    new = insert(table)
    # A row of the outbox may come again under its key, after it was withdrawn in a flood.
    known_by = [outbox.c.key] if table is outbox else list(table.primary_key)
    changes = {
        column.name: new.excluded[column.name]
        for column in table.c
        if not column.primary_key and column not in known_by
    }
    return new.on_conflict_do_update(index_elements=known_by, set_=changes)
