"""Benchmark the outbox: effects claimed, performed by a no-op and settled per second.

The baseline are raw Core UPDATEs of the same rows. The effects are those of a changed case: an idempotent
one, and one that is marked as sending durably before it is performed.
"""

import asyncio
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import bindparam, func, select, update

from bot import SystemClock
from domain.delivery.effects import Job, UpdateCard
from domain.delivery.outcomes import Absent, Done, Finding, Outcome
from domain.delivery.thread_effects import PostThread
from handlers.delivery.loop import LEASE, Delivery, Dispatcher
from handlers.desk import Desk
from storage.engine import Store, open_store
from storage.outbox_tables import SENDING, SENT, outbox
from storage.sqlite import set_synchronous
from storage.unit_of_work import UnitOfWork
from tests.bench.databases import Databases
from tests.bench.figures import Figure
from tests.bench.sizes import Sizes
from tests.stories import SUPPORT

_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=SENDING, settled_at=None, lease_until=bindparam("until"))
)
_SETTLE = (
    update(outbox)
    .where(outbox.c.id == bindparam("its_id"))
    .values(state=SENT, lease_until=None, settled_at=bindparam("now"))
)


def delivery(databases: Databases, sizes: Sizes) -> list[Figure]:
    """Measure on each database the best of several rounds, in alternation with the baseline.

    Has no target.
    """
    figures = []
    for name, fresh in databases.items():
        measured, floor = [], []
        for _ in range(sizes.rounds):
            rate, transactions = asyncio.run(_measure_loop(fresh(), sizes.effects))
            measured.append(rate)
            floor.append(_measure_updates(fresh(), sizes.effects, transactions))
        figures.append(Figure(what=f"outbox, {name}", unit="/s", measured=max(measured), floor=max(floor)))
    return figures


@dataclass(frozen=True, slots=True)
class _Transactions:
    """How many transactions a run took, and how many of them were durable."""

    all: int
    durable: int


class _CountingStore(Store):
    """A store that counts its units of work. Takes over the connections of the store that it wraps."""

    def __init__(self, store: Store) -> None:
        vars(self).update(vars(store))
        self.durable: list[bool] = []

    @contextmanager
    def unit_of_work(self, *, durable: bool = False) -> Generator[UnitOfWork]:
        self.durable.append(durable)
        with super().unit_of_work(durable=durable) as uow:
            yield uow


class _NoOpPerformer:
    """A performer that does nothing, and signals when all effects have been settled."""

    def __init__(self, effects: int) -> None:
        self._left = effects
        self._loop = asyncio.get_running_loop()
        self.finished = asyncio.Event()

    async def perform(self, job: Job) -> Outcome:  # noqa: ARG002 - a performer's signature, here and below
        return Done()

    async def find(self, job: Job) -> Finding:  # noqa: ARG002
        return Absent()

    def on_done(self, *_settled: object) -> None:
        self._loop.call_soon_threadsafe(self._count)

    def on_failed(self, *settled: object) -> None:
        raise AssertionError(settled)

    def on_unsure(self, *settled: object) -> None:
        raise AssertionError(settled)

    def on_retry(self, *settled: object) -> None:
        raise AssertionError(settled)

    def on_postponed(self, *settled: object) -> None:
        raise AssertionError(settled)

    def _count(self) -> None:
        self._left -= 1
        if not self._left:
            self.finished.set()


def _filled(url: str, effects: int) -> Store:
    store = open_store(url)
    with store.unit_of_work() as uow:
        for case_id in range(1, effects // 2 + 1):
            uow.outbox.add([UpdateCard(case_id), PostThread(case_id, SUPPORT)], now=datetime.now(UTC))
    return store


async def _measure_loop(url: str, effects: int) -> tuple[float, _Transactions]:
    """Return the effects per second of the bot's own loop, without pacing, and its transactions."""
    store = _CountingStore(_filled(url, effects))
    desk, performer = Desk(store), _NoOpPerformer(effects)
    dispatcher = Dispatcher(
        performers={UpdateCard.kind: performer, PostThread.kind: performer},
        paces=lambda _: None,
        owner="bench",
    )
    loop = Delivery(desk, dispatcher, SystemClock(), sole_worker=True)
    began = time.perf_counter()
    running = asyncio.create_task(loop.run())
    await performer.finished.wait()
    seconds = time.perf_counter() - began
    transactions = _Transactions(len(store.durable), sum(store.durable))
    await loop.stop()
    await running
    desk.close()
    return effects / seconds, transactions


def _measure_updates(url: str, effects: int, transactions: _Transactions) -> float:
    """Return the effects per second of raw UPDATEs to sending, then to sent.

    Uses as many transactions, by as many threads, as the bot's loop.
    """
    store = _filled(url, effects)
    with store.engine.connect() as connection:
        ids = list(connection.scalars(select(outbox.c.id).order_by(outbox.c.id)))
        assert len(ids) == connection.scalar(select(func.count()).select_from(outbox))
    claims = max(transactions.all - effects, 1)
    shares = [ids[len(ids) * n // claims : len(ids) * (n + 1) // claims] for n in range(claims)]
    _claim(store, ids[:1], False)  # warm-up: compiles the statements
    _settle(store, ids[0])
    began = time.perf_counter()
    with ThreadPoolExecutor(store.workers) as threads:
        list(threads.map(partial(_claim, store), shares, (n < transactions.durable for n in range(claims))))
        list(threads.map(partial(_settle, store), ids))
    seconds = time.perf_counter() - began
    store.close()
    return effects / seconds


def _claim(store: Store, ids: list[int], durable: bool) -> None:
    full = durable and store.workers == 1
    with store.engine.connect() as connection:
        if full:
            set_synchronous(connection, "FULL")
        with connection.begin():
            connection.execute(_CLAIM, {"ids": ids, "until": datetime.now(UTC) + LEASE})
        if full:
            set_synchronous(connection, "NORMAL")


def _settle(store: Store, row_id: int) -> None:
    with store.engine.begin() as connection:
        connection.execute(_SETTLE, {"its_id": row_id, "now": datetime.now(UTC)})
