"""Run use cases: one transaction each, on the store's worker threads, off the event loop."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from contextvars import copy_context
from datetime import timedelta
from functools import partial
from typing import Concatenate, NamedTuple, ParamSpec, TypeVar

from domain.errors import StaleCase, TooManyConflicts
from domain.log_context import note_subject
from domain.operations.storage_faults import StorageFault
from handlers.storage_state import StorageState
from storage.engine import Store
from storage.errors import StoreBusy
from storage.leadership import under_term
from storage.unit_of_work import UnitOfWork

P = ParamSpec("P")
R = TypeVar("R")

OnSignals = Callable[[frozenset[str]], None]
OnMissed = Callable[[], None]
OnRan = Callable[[str, float], None]

#: What the copy leads that runs the timers.
TIMERS = "timers"

#: Attempts at one use case before an optimistic-lock conflict is reported.
MAX_ATTEMPTS = 5


class _CommitEvents(NamedTuple):
    """What a commit published: whether it added outbox rows, and the topics that it signalled."""

    has_effects: bool
    topics: frozenset[str]


class Desk:
    """Runs use cases in transactions and calls back after their commits.

    All callbacks run on the event loop. `on_effects` is called if a commit added rows to the outbox, `on_ran`
    with the name of each use case and the seconds that it took; for signals, see `subscribe`.
    Where the database fails all raise `StorageUnavailable`, whatever the driver raised.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pool = ThreadPoolExecutor(store.workers, thread_name_prefix="desk")
        self._readers = (
            ThreadPoolExecutor(1, thread_name_prefix="desk-reader") if store.reads_beside else self._pool
        )
        self.on_effects: Callable[[], None] = lambda: None
        self.on_ran: OnRan = lambda _name, _seconds: None
        self.storage = StorageState()
        #: By how much this copy's clock differs from another's: it leaves work to those meanwhile.
        self.clock_off: timedelta | None = None
        self._subscribers: list[tuple[OnSignals, OnMissed]] = []

    async def run(
        self, use_case: Callable[Concatenate[UnitOfWork, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run a use case in its own transaction, and retry it from the start on an optimistic-lock conflict.

        A retry locks the contested cases before it reads, so that a busy case cannot starve it.
        Raises `TooManyConflicts` after `MAX_ATTEMPTS` conflicts.
        """
        call = partial(self._transact, self._store.unit_of_work, use_case, *args, **kwargs)
        return await self._observe(use_case, kwargs, self._run(self._pool, call))

    async def run_at_once(
        self, use_case: Callable[Concatenate[UnitOfWork, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run a use case on the event loop itself if the store is idle, otherwise as `run` does.

        For use cases that a person waits for and that touch few rows: for those, the hand-over to a thread
        and back costs as much as the work.
        """

        async def run_inline() -> R:
            result, events = self._transact(self._store.unit_of_work_at_once, use_case, *args, **kwargs)
            self._publish(events)
            return result

        try:
            return await self._observe(use_case, kwargs, run_inline())
        except StoreBusy:
            return await self.run(use_case, *args, **kwargs)

    async def run_durably(
        self, use_case: Callable[Concatenate[UnitOfWork, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run a use case as `run` does, with a commit that survives a power loss.

        Required before an external call that must not be repeated.
        """
        durable = partial(self._store.unit_of_work, durable=True)
        call = partial(self._transact, durable, use_case, *args, **kwargs)
        return await self._observe(use_case, kwargs, self._run(self._pool, call))

    async def run_to_read(
        self, use_case: Callable[Concatenate[UnitOfWork, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run a use case that writes nothing as `run` does; on SQLite nothing that writes waits for it.

        For what reads many rows, such as the figures of a year.
        """
        call = partial(self._transact, self._store.unit_of_work_to_read, use_case, *args, **kwargs)
        return await self._observe(use_case, kwargs, self._run(self._readers, call))

    async def run_in_pool(self, call: Callable[[], R]) -> R:
        """Run a call that needs no transaction on the store's threads.

        It runs to its end even if the caller is cancelled. Raises `RuntimeError` after `close`.
        """
        return await _run_on(self._pool, call)

    def as_leader(self) -> AbstractContextManager[None]:
        """Have what this context writes refused once another copy leads the timers."""
        return under_term(self._store.term(TIMERS))

    def leads(self) -> bool:
        """Return whether this copy leads the timers. Call it on the store's threads, before each run."""
        return self.clock_off is None and self._store.leadership(TIMERS)

    def file_fault(self) -> StorageFault | None:
        """Return whether SQLite's file is gone, or another one; `None` elsewhere."""
        return self._store.file.fault() if self._store.file is not None else None

    def free_bytes(self) -> int | None:
        """Return how much may be written to the disk of SQLite's file; `None` where that is unknown."""
        if self._store.file is None:
            return None
        with contextlib.suppress(OSError):
            return self._store.file.free_bytes()
        return None

    def subscribe(self, on_signals: OnSignals, on_missed: OnMissed) -> None:
        """Call back about signals, on the current event loop.

        `on_signals` is called with the topics that a commit signalled, in this copy of the bot or another,
        `on_missed` if signals of other copies may have been lost.
        """
        if not self._subscribers:
            self._listen()
        self._subscribers.append((on_signals, on_missed))

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()

        def forward(topic: str | None) -> None:
            with contextlib.suppress(RuntimeError):  # the loop may be closed by now
                loop.call_soon_threadsafe(self._dispatch, topic)

        self._store.listen(forward)

    def close(self) -> None:
        """Finish the running calls, then close the store."""
        self._pool.shutdown()
        self._readers.shutdown()
        self._store.close()

    def _dispatch(self, topic: str | None) -> None:
        for on_signals, on_missed in self._subscribers:
            if topic is None:
                on_missed()
            else:
                on_signals(frozenset({topic}))

    async def _observe(
        self, use_case: Callable[..., object], named: Mapping[str, object], running: Awaitable[R]
    ) -> R:
        """Await a use case that is running, tell how long it took, and note what it is about for the log.

        Tells nothing of one that could not begin at once.
        """
        note_subject(case_id=named.get("case_id"), user_id=named.get("user_id"))
        time = asyncio.get_running_loop().time
        name, began = _name_of(use_case), time()
        try:
            return await running
        except StoreBusy:
            name = ""
            raise
        except Exception as error:
            self.storage.raise_if_fault(error)
            raise
        finally:
            if name:
                self.on_ran(name, time() - began)

    async def _run(self, pool: ThreadPoolExecutor, transaction: Callable[[], tuple[R, _CommitEvents]]) -> R:
        result, events = await _run_on(pool, transaction)
        self._publish(events)
        return result

    def _publish(self, events: _CommitEvents) -> None:
        if events.has_effects:
            self.on_effects()
        if events.topics:
            for on_signals, _ in self._subscribers:
                on_signals(events.topics)

    def _transact(
        self,
        begin: Callable[[], AbstractContextManager[UnitOfWork]],
        use_case: Callable[Concatenate[UnitOfWork, P], R],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> tuple[R, _CommitEvents]:
        contested: set[int] = set()
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                with begin() as uow:
                    uow.cases.lock(contested)
                    result = use_case(uow, *args, **kwargs)
                    events = _CommitEvents(uow.outbox.has_additions, uow.signals.sent)
            except StaleCase as error:
                if attempt == MAX_ATTEMPTS:
                    raise TooManyConflicts from error
                if error.case_id is not None:
                    contested.add(error.case_id)
            else:
                return result, events
        raise AssertionError("unreachable")


async def _run_on(pool: ThreadPoolExecutor, call: Callable[[], R]) -> R:
    """Run a call on a thread, in this context, to its end even if the caller is cancelled."""
    inside = partial(copy_context().run, call)
    return await asyncio.shield(asyncio.get_running_loop().run_in_executor(pool, inside))


def _name_of(use_case: Callable[..., object]) -> str:
    """Return the name of a function, also of one with arguments bound."""
    while isinstance(use_case, partial):
        use_case = use_case.func
    return getattr(use_case, "__name__", type(use_case).__name__)
