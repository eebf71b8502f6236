"""The outbox: acts claimed, performed by nobody and settled a second, against raw Core UPDATEs of the same rows.

The acts are those of a changed case: one that may be repeated, and one that is marked durably before it leaves the house.
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
from domain.delivery.effects import Job, PostThread, UpdateCard
from domain.delivery.outcomes import Absent, Done, Finding, Outcome
from handlers.delivery.loop import LEASE, Delivery, Dispatcher
from handlers.desk import Desk
from storage.engine import Store, open_store
from storage.sqlite import set_synchronous
from storage.tables import SENDING, SENT, outbox
from storage.unit_of_work import UnitOfWork
from tests.bench.databases import Databases
from tests.bench.figures import Figure
from tests.bench.sizes import Sizes
from tests.stories import SUPPORT

_TAKE = (
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
    """On each database, the best of several rounds in turn with the floor. Nothing was promised but that it is measured."""
    figures = []
    for name, fresh in databases.items():
        measured, floor = [], []
        for _ in range(sizes.rounds):
            rate, books = asyncio.run(_delivered(fresh(), sizes.effects))
            measured.append(rate)
            floor.append(_updated(fresh(), sizes.effects, books))
        figures.append(Figure(what=f"outbox, {name}", unit="/s", measured=max(measured), floor=max(floor)))
    return figures


@dataclass(frozen=True, slots=True)
class _Books:
    """How many transactions a run took, and how many of them were durable."""

    all: int
    durable: int


class _Counted(Store):
    """A store that counts its units of work. Takes over the connections of the one that it is made from."""

    def __init__(self, store: Store) -> None:
        vars(self).update(vars(store))
        self.durable: list[bool] = []

    @contextmanager
    def unit_of_work(self, *, durable: bool = False) -> Generator[UnitOfWork]:
        self.durable.append(durable)
        with super().unit_of_work(durable=durable) as uow:
            yield uow


class _Nobody:
    """Performs any act at once by doing nothing, and says when all have been settled."""

    def __init__(self, acts: int) -> None:
        self._left = acts
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

    def _count(self) -> None:
        self._left -= 1
        if not self._left:
            self.finished.set()


def _filled(url: str, acts: int) -> Store:
    store = open_store(url)
    with store.unit_of_work() as uow:
        for case_id in range(1, acts // 2 + 1):
            uow.outbox.add([UpdateCard(case_id), PostThread(case_id, SUPPORT)], now=datetime.now(UTC))
    return store


async def _delivered(url: str, acts: int) -> tuple[float, _Books]:
    """Acts a second, by the bot's own loop, with nothing to pace it."""
    store = _Counted(_filled(url, acts))
    desk, nobody = Desk(store), _Nobody(acts)
    dispatcher = Dispatcher(
        performers={UpdateCard.kind: nobody, PostThread.kind: nobody}, paces=lambda _: None, owner="bench"
    )
    loop = Delivery(desk, dispatcher, SystemClock(), sole_worker=True)
    began = time.perf_counter()
    running = asyncio.create_task(loop.run())
    await nobody.finished.wait()
    seconds = time.perf_counter() - began
    books = _Books(len(store.durable), sum(store.durable))
    await loop.stop()
    await running
    desk.close()
    return acts / seconds, books


def _updated(url: str, acts: int, books: _Books) -> float:
    """Acts a second, where each row is known and only has to become sending, then sent: in as many transactions, by as many threads."""
    store = _filled(url, acts)
    with store.engine.connect() as connection:
        ids = list(connection.scalars(select(outbox.c.id).order_by(outbox.c.id)))
        assert len(ids) == connection.scalar(select(func.count()).select_from(outbox))
    takes = max(books.all - acts, 1)
    shares = [ids[len(ids) * n // takes : len(ids) * (n + 1) // takes] for n in range(takes)]
    _take(store, ids[:1], False)  # compiles the statements
    _settle(store, ids[0])
    began = time.perf_counter()
    with ThreadPoolExecutor(store.workers) as threads:
        list(threads.map(partial(_take, store), shares, (n < books.durable for n in range(takes))))
        list(threads.map(partial(_settle, store), ids))
    seconds = time.perf_counter() - began
    store.close()
    return acts / seconds


def _take(store: Store, ids: list[int], durable: bool) -> None:
    full = durable and store.workers == 1
    with store.engine.connect() as connection:
        if full:
            set_synchronous(connection, "FULL")
        with connection.begin():
            connection.execute(_TAKE, {"ids": ids, "until": datetime.now(UTC) + LEASE})
        if full:
            set_synchronous(connection, "NORMAL")


def _settle(store: Store, its_id: int) -> None:
    with store.engine.begin() as connection:
        connection.execute(_SETTLE, {"its_id": its_id, "now": datetime.now(UTC)})
