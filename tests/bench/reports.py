"""Benchmark reports of 30 days and App Homes, with few and with many messages stored.

The messages are spread evenly over a year. The floor of the summary is one SQL statement that reads each
mention of the two periods that a summary compares, and its case; a second one is DuckDB, which counts the
same figures, but for what came after an answer, in an export of both periods that it has loaded before.
"""

import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

import duckdb
from sqlalchemy import text

from domain.reports.export_rows import ExportFormat, header, line_of
from domain.reports.fairness import compare_treatment
from domain.reports.filters import FilterKey, Filters
from domain.reports.periods import Period, parse_period
from domain.reports.treatment import TreatedCase
from handlers.reports.agents import agent_figures
from handlers.reports.exports import Cursor, Export, next_rows
from handlers.reports.fairness import treated_cases
from handlers.reports.summaries import summarise
from storage.engine import Store, open_store
from storage.treated_cases import Place
from tests.bench.databases import Databases
from tests.bench.figures import Figure, at_most
from tests.bench.homes import home_figures, homes
from tests.bench.past_cases import fill
from tests.bench.sizes import Sizes

GOAL = 200.0  # ms
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
MONTH = parse_period("30d", now=NOW, zone=ZoneInfo("Europe/Berlin"))
ONE_SITUATION = Filters({FilterKey.SITUATION: ("refund",)})
_SCAN = text(
    "SELECT count(*), sum(messages.sentiment), sum(length(cases.situation)) FROM messages "
    "JOIN cases ON cases.id = messages.case_id "
    "WHERE messages.direction = 'in' AND messages.created_at >= :since AND messages.created_at < :until"
)

#: Of columns whose first rows may be empty, which tell nothing of their type.
_TYPES = "{'sentiment': 'DOUBLE', 'seconds': 'DOUBLE', 'office_seconds': 'DOUBLE', 'in_target': 'BOOLEAN'}"
#: What a summary counts that is in the export, by period.
_PERIOD = "day >= DATE '2026-10-30'"
_BY_DUCKDB = (
    "SELECT day, count(*) FILTER (record = 'mention'), count(*) FILTER (record = 'case'), "
    "avg(sentiment) FILTER (record = 'mention') FROM rows GROUP BY day",
    f"SELECT {_PERIOD}, count(DISTINCT person) FROM rows WHERE record = 'mention' GROUP BY 1",
    f"SELECT {_PERIOD}, situation, language, network, count(*) FROM rows WHERE record = 'case' GROUP BY ALL",
    f"SELECT {_PERIOD}, kind, quantile_cont(seconds, [0.5, 0.9]), quantile_cont(office_seconds, [0.5, 0.9]), "
    "count(*) FILTER (in_target), count(*) FILTER (NOT in_target), count(*) FILTER (state = 'waiting') "
    "FROM rows WHERE record = 'response' GROUP BY ALL",
    f"SELECT {_PERIOD}, quantile_cont(seconds, [0.5, 0.9]), count(*) FROM rows WHERE record = 'resolution' "
    "GROUP BY 1",
)


def reports(databases: Databases, sizes: Sizes) -> list[Figure]:
    """Measure on each database at each size."""
    return [
        figure
        for name, fresh in databases.items()
        for count in sizes.report_messages
        for figure in _measured(name, fresh(), count, sizes)
    ]


def _measured(name: str, url: str, count: int, sizes: Sizes) -> list[Figure]:
    store = open_store(url)
    fill(store, count=count, until=NOW)
    floor = _best(sizes.rounds, lambda: _scan(store))
    whole = _best(sizes.rounds, lambda: _summary(store, Filters()))
    filtered = _best(sizes.rounds, lambda: _summary(store, ONE_SITUATION))
    agents = _best(sizes.rounds, lambda: _agents(store))
    cases = _treated(store)
    reading = _best(sizes.rounds, lambda: _treated(store))
    comparing = _best(sizes.rounds, lambda: compare_treatment(cases))
    took = homes(store, partial(_best, sizes.rounds), NOW)
    rate, memory = _exported(store)
    duckdb_floor = _duckdb(store, sizes.rounds)
    store.close()
    what = f"{name}, {count:,} messages"
    return [
        at_most(f"summary of 30 days, {what}", "ms", whole, GOAL, floor),
        at_most(f"summary of 30 days by DuckDB's floor, {what}", "ms", whole, GOAL, duckdb_floor),
        at_most(f"the same of one situation, {what}", "ms", filtered, GOAL, floor),
        at_most(f"figures of agents, 30 days, {what}", "ms", agents, GOAL, floor),
        Figure(
            what=f"fairness, reading {len(cases):,} cases, {what}", unit="ms", measured=reading, floor=floor
        ),
        Figure(what=f"fairness, comparing {len(cases):,} cases", unit="ms", measured=comparing),
        *home_figures(took, what),
        Figure(what=f"export of 30 days, {what}", unit="rows/s", measured=rate),
        Figure(what=f"memory of the export, {what}", unit="MB", measured=memory),
    ]


def _best(rounds: int, act: Callable[[], object]) -> float:
    """Return the milliseconds of the best of several rounds, after one that compiles the statements."""
    act()
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return 1000 * min(took)


def _scan(store: Store) -> None:
    before: Period = MONTH.before
    with store.engine.connect() as connection:
        moments = (before.since, MONTH.until)
        if store.engine.dialect.name == "sqlite":
            since, until = (moment.isoformat(timespec="microseconds") for moment in moments)
            connection.execute(_SCAN, {"since": since, "until": until}).all()
        else:
            connection.execute(_SCAN, dict(zip(("since", "until"), moments, strict=True))).all()


def _summary(store: Store, filters: Filters) -> None:
    with store.unit_of_work() as uow:
        summarise(uow, period=MONTH, filters=filters, now=NOW)


def _agents(store: Store) -> None:
    with store.unit_of_work() as uow:
        agent_figures(uow, period=MONTH, filters=Filters(), only=None)


def _treated(store: Store) -> list[TreatedCase]:
    cases: list[TreatedCase] = []
    last: Place | None = None
    while True:
        with store.unit_of_work() as uow:
            page = treated_cases(uow, period=MONTH, filters=Filters(), before=last, now=NOW)
        cases += page.cases
        last = page.last
        if last is None:
            return cases


def _duckdb(store: Store, rounds: int) -> float:
    """Return how long DuckDB takes to count the figures of a summary in the export of both periods."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(config={"threads": 1}) as connection:
        path = Path(folder) / "export.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(header(ExportFormat.CSV))
            for period in (MONTH.before, MONTH):
                _export(store, Export(period=period, filters=Filters(), salt=b"0123456789abcdef"), file)
        connection.execute(f"CREATE TABLE rows AS SELECT * FROM read_csv(?, types = {_TYPES})", [str(path)])
        return _best(rounds, lambda: [connection.execute(query).fetchall() for query in _BY_DUCKDB])


def _exported(store: Store) -> tuple[float, float]:
    """Return the rows a second, and by how many megabytes the memory in use grew at most."""
    export = Export(period=MONTH, filters=Filters(), salt=b"0123456789abcdef")
    began, rows = time.perf_counter(), _export(store, export)
    rate = rows / (time.perf_counter() - began)
    tracemalloc.start()
    _export(store, export)
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return rate, highest / 1_000_000


def _export(store: Store, export: Export, file: TextIO | None = None) -> int:
    written, cursor = 0, Cursor()
    while True:
        with store.unit_of_work() as uow:
            rows, following = next_rows(uow, export=export, cursor=cursor, now=NOW)
        lines = [line_of(row, MONTH.zone, ExportFormat.CSV) for row in rows]
        if file is not None:
            file.writelines(lines)
        written += len(rows)
        if following is None:
            return written
        cursor = following
