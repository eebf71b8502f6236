"""Break something: post what customers write while payments fail, until the outage is resolved."""

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

from aiohttp import web

from sandbox.outage_posts import OutagePost, outage_posts
from sandbox.x import XNetwork

#: Posts a second, and for how many seconds. After the last of these it is over, even if nobody resolves it.
PHASES = ((75.0, 4.0), (225.0, 0.8), (1_200.0, 0.15))
#: How posts fade out once the outage is resolved.
AFTER_RESOLVED = (60.0, 0.2)
PATH = "/ui/breakdown"


class Breakdown:
    """Posts of a failing part of the brand's service.

    `resolved()` counts the outages that the brand has resolved so far. `pace` divides all durations, for
    tests.
    """

    def __init__(self, network: XNetwork, resolved: Callable[[], int], *, pace: float = 1.0) -> None:
        self._network = network
        self._resolved = resolved
        self._pace = pace
        self._posted = 0
        self._times = 0
        self._posts: Iterator[OutagePost] = iter(())
        self._task: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether posts still come."""
        return self._task is not None and not self._task.done()

    def start(self) -> None:
        """Begin, unless it has begun already."""
        if self.is_running:
            return
        self._times, self._posted = self._times + 1, 0
        self._posts = outage_posts(self._times)
        self._task = asyncio.create_task(self._play(), name="sandbox breakdown")

    async def finished(self) -> None:
        """Wait until no more posts come."""
        if self._task is not None:
            await asyncio.shield(self._task)

    async def stop(self) -> None:
        """End; what was posted stays."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def status(self) -> dict[str, Any]:
        """Return the state as JSON."""
        return {"running": self.is_running, "posted": self._posted, "times": self._times}

    async def _play(self) -> None:
        before = self._resolved()

        def is_over() -> bool:
            return self._resolved() > before

        for seconds, per_second in PHASES:
            await self._post_for(seconds, per_second, until=is_over)
        if is_over():
            await self._post_for(*AFTER_RESOLVED, until=lambda: False)

    async def _post_for(self, seconds: float, per_second: float, *, until: Callable[[], bool]) -> None:
        """Post at a rate, at irregular intervals, for so many seconds or `until` it is true."""
        rng = random.Random(self._posted)
        end = time.monotonic() + seconds / self._pace
        while time.monotonic() < end and not until():
            self._post(next(self._posts))
            await asyncio.sleep(rng.expovariate(per_second) / self._pace)

    def _post(self, post: OutagePost) -> None:
        author = self._network.accounts.get(post.username, post.name)
        self._network.post(author, post.text, lang=post.language)
        self._posted += 1


def add_routes(app: web.Application, breakdown: Breakdown) -> None:
    """Mount /ui/breakdown: GET tells the state, POST {"running": true or false} starts and ends it."""

    async def show(_request: web.Request) -> web.Response:
        return web.json_response(breakdown.status())

    async def steer(request: web.Request) -> web.Response:
        try:
            body = json.loads(await request.read())
            wanted = body["running"]
        except (ValueError, TypeError, KeyError):
            return web.json_response({"error": 'send {"running": true} or {"running": false}'}, status=400)
        if wanted:
            breakdown.start()
        else:
            await breakdown.stop()
        return web.json_response(breakdown.status())

    app.router.add_get(PATH, show)
    app.router.add_post(PATH, steer)
