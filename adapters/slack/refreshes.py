"""Read anew what is known, and go on with what is known where Slack is slow to answer."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

#: Seconds that a refresh is waited for: a person has pressed a button, and Slack gives up after three.
PATIENCE = 0.5


class Refreshes:
    """Refreshes that are under way, one for each key."""

    def __init__(self) -> None:
        self._under_way: dict[str, tuple[asyncio.Task[None], float]] = {}

    async def run(
        self, key: str, refresh: Callable[[], Coroutine[Any, Any, None]], *, is_known: bool
    ) -> None:
        """Refresh what `key` names, or join the refresh of it that is under way.

        Where something is known that may be used meanwhile, it is waited for no longer than `PATIENCE` after
        its beginning, and goes on by itself.
        """
        seconds = asyncio.get_running_loop().time
        task, began = self._under_way.get(key) or (None, seconds())
        if task is None:
            task = asyncio.create_task(refresh(), name=f"read {key}")
            self._under_way[key] = task, began
            task.add_done_callback(lambda _task: self._under_way.pop(key, None))
        left = max(0.0, began + PATIENCE - seconds()) if is_known else None
        done, _ = await asyncio.wait({task}, timeout=left)
        if done:
            task.result()
