"""Where use cases run: each in one transaction, on the store's own threads, away from the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from domain.errors import StaleCase
from domain.ports import Store, UnitOfWork

P = ParamSpec("P")
R = TypeVar("R")

RUNS_AT_MOST = 5


class Desk:
    """Runs use cases. `on_effects` is called, on the event loop, after a commit that put something into the outbox."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._threads = ThreadPoolExecutor(store.workers, thread_name_prefix="desk")
        self.on_effects: Callable[[], None] = lambda: None

    async def run(
        self, use_case: Callable[Concatenate[UnitOfWork, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run a use case in a transaction of its own, and again from the start where somebody else was quicker."""
        return await self._run(partial(self._transact, use_case, False), *args, **kwargs)

    async def run_durably(
        self, use_case: Callable[Concatenate[UnitOfWork, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """`run`, with a commit that survives a loss of power: before anything that cannot be repeated leaves the house."""
        return await self._run(partial(self._transact, use_case, True), *args, **kwargs)

    async def ask(self, question: Callable[[], R]) -> R:
        """Ask the store something that needs no transaction, on its own threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, question)

    def close(self) -> None:
        """Finish what runs, then let go of the store."""
        self._threads.shutdown(wait=True)
        self._store.close()

    async def _run(self, call: Callable[..., tuple[R, bool]], *args: object, **kwargs: object) -> R:
        loop = asyncio.get_running_loop()
        result, has_effects = await loop.run_in_executor(self._threads, partial(call, *args, **kwargs))
        if has_effects:
            self.on_effects()
        return result

    def _transact(
        self,
        use_case: Callable[Concatenate[UnitOfWork, P], R],
        durable: bool,
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> tuple[R, bool]:
        for run in range(1, RUNS_AT_MOST + 1):
            try:
                with self._store.unit_of_work(durable=durable) as uow:
                    result = use_case(uow, *args, **kwargs)
                    has_effects = uow.outbox.has_additions
            except StaleCase:
                if run == RUNS_AT_MOST:
                    raise
            else:
                return result, has_effects
        raise AssertionError("unreachable")
