"""Where use cases run: each in one transaction, on the store's own threads, away from the event loop."""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from domain.errors import Crowded, StaleCase
from storage.engine import Store
from storage.errors import StoreBusy
from storage.unit_of_work import UnitOfWork

P = ParamSpec("P")
R = TypeVar("R")

RUNS_AT_MOST = 5

#: Whether there is something new in the outbox, and the topics of which there is news.
_News = tuple[bool, frozenset[str]]


class Desk:
    """Runs use cases.

    On the event loop, after a commit, `on_effects` is called where it put something into the outbox, and `on_signals` with the topics
    that it sent, or that another copy of the bot did; `on_missed` where words of other copies may have been missed.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pool = ThreadPoolExecutor(store.workers, thread_name_prefix="desk")
        self.on_effects: Callable[[], None] = lambda: None
        self.on_signals: Callable[[frozenset[str]], None] = lambda _: None
        self.on_missed: Callable[[], None] = lambda: None

    async def run(
        self, use_case: Callable[Concatenate[UnitOfWork, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run a use case in a transaction of its own, and again from the start where somebody else was quicker.

        That time it holds the case from the start: whoever was too late once need not be so again and again, however many write.
        Raises `Crowded` where somebody was quicker each time.
        """
        return await self._run(partial(self._transact, self._store.unit_of_work, use_case, *args, **kwargs))

    async def run_at_once(
        self, use_case: Callable[Concatenate[UnitOfWork, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """`run`, for what somebody waits for and touches a few rows: where the store is free it is done here and now.

        To hand such a call to a thread and back takes as long as the call itself.
        """
        try:
            result, news = self._transact(self._store.unit_of_work_at_once, use_case, *args, **kwargs)
        except StoreBusy:
            return await self.run(use_case, *args, **kwargs)
        self._tell(news)
        return result

    async def run_durably(
        self, use_case: Callable[Concatenate[UnitOfWork, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """`run`, with a commit that survives a loss of power: before anything that cannot be repeated leaves the house."""
        durable = partial(self._store.unit_of_work, durable=True)
        return await self._run(partial(self._transact, durable, use_case, *args, **kwargs))

    async def ask(self, question: Callable[[], R]) -> R:
        """Ask the store something that needs no transaction, on its own threads."""
        return await self._in_pool(question)

    def hear_others(self) -> None:
        """Hear what other copies of the bot signal, from now on, on this event loop."""
        loop = asyncio.get_running_loop()

        def hear(topic: str | None) -> None:
            with contextlib.suppress(RuntimeError):  # a loop that was closed meanwhile waits for nothing
                loop.call_soon_threadsafe(self._heard, topic)

        self._store.listen(hear)

    def close(self) -> None:
        """Finish what runs, then let go of the store."""
        self._pool.shutdown()
        self._store.close()

    def _heard(self, topic: str | None) -> None:
        if topic is None:
            self.on_missed()
        else:
            self.on_signals(frozenset({topic}))

    async def _run(self, transaction: Callable[[], tuple[R, _News]]) -> R:
        result, news = await self._in_pool(transaction)
        self._tell(news)
        return result

    async def _in_pool(self, call: Callable[[], R]) -> R:
        """Run a call on the pool, to its end even where its caller is cancelled.

        Raises `RuntimeError` after `close`.
        """
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._pool, call))

    def _tell(self, news: _News) -> None:
        has_effects, topics = news
        if has_effects:
            self.on_effects()
        if topics:
            self.on_signals(topics)

    def _transact(
        self,
        begin: Callable[[], AbstractContextManager[UnitOfWork]],
        use_case: Callable[Concatenate[UnitOfWork, P], R],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> tuple[R, _News]:
        contested: set[int] = set()
        for run in range(1, RUNS_AT_MOST + 1):
            try:
                with begin() as uow:
                    uow.cases.lock(contested)
                    result = use_case(uow, *args, **kwargs)
                    news = uow.outbox.has_additions, uow.signals.sent
            except StaleCase as error:
                if run == RUNS_AT_MOST:
                    raise Crowded from error
                if error.case_id is not None:
                    contested.add(error.case_id)
            else:
                return result, news
        raise AssertionError("unreachable")
