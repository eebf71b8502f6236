"""Connect, ask and reconnect: what `stream.js` tells the page while its requests are answered late or not."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable

from playwright.async_api import Page, Route

from storage.engine import Store
from tests.browser import ON_PAGE
from tests.handlers.web.chat.browsing import Enter, open_page
from tests.handlers.web.chat.sites import served

pytestmark = ON_PAGE

#: A stream is known by the message that it asks from: a new chat has none of these.
KEPT, CLOSED, HEARD, REFUSED, LEFT, LOST = range(101, 107)
_START = """async ([after, closesWhereRefused]) => {
  const { Stream } = await import(document.querySelector("link[href$='/stream.js']").href);
  const told = [];
  const stream = new Stream((name) => {
    told.push(name);
    if (name === "open_failed" && closesWhereRefused) stream.close();
  });
  (window.streams ??= {})[after] = { stream, told };
  stream.open(after);
}"""
_HEARD = """([after, name, times]) => new Promise((resolve) => {
  const look = () => {
    const count = streams[after].told.filter((one) => one === name).length;
    if (count >= times) resolve();
    else setTimeout(look, 50);
  };
  look();
})"""
_SILENCE = 5.0  # seconds; the page's own wait, in stream.js
_EVENT = "event: heartbeat\ndata: {}\n\n"


class Network:
    """Requests of the streams, which wait until a test answers them."""

    def __init__(self, page: Page) -> None:
        self.waiting: dict[tuple[str, int], asyncio.Queue[Route]] = defaultdict(asyncio.Queue)
        self.asked: dict[tuple[str, int], int] = defaultdict(int)
        self.at_once: dict[tuple[str, int], Callable[[Route], Awaitable[None]]] = {}
        self._page = page

    async def begin(self) -> None:
        """Take over the requests from now on."""
        await self._page.route(re.compile(r"/chat/(events|history)\?after=10\d"), self._take)

    async def first(self, path: str, after: int) -> Route:
        """Return the oldest request that waits, once there is one."""
        return await asyncio.wait_for(self.waiting[path, after].get(), 3 * _SILENCE)

    async def open(self, after: int) -> None:
        """Open a stream; one of `LEFT` is closed where nobody lets it in."""
        await self._page.evaluate(_START, [after, after == LEFT])

    async def hears(self, after: int, name: str, times: int = 1) -> None:
        """Wait until a stream has told this event so many times."""
        await asyncio.wait_for(self._page.evaluate(_HEARD, [after, name, times]), 3 * _SILENCE)

    async def told(self, after: int) -> list[str]:
        """Return the events that a stream has told, the oldest first."""
        return [str(name) for name in await self._page.evaluate(f"streams[{after}].told")]

    async def _take(self, route: Route) -> None:
        found = re.search(r"/chat/(events|history)\?after=(\d+)", route.request.url)
        assert found is not None
        key = (found[1], int(found[2]))
        self.asked[key] += 1
        if (answer := self.at_once.get(key)) is not None:
            await answer(route)
        else:
            self.waiting[key].put_nowait(route)


async def test_a_stream_that_is_held_back_asks_and_tells_that_it_lives(sqlite: Store, enter: Enter) -> None:
    async with served(sqlite) as site:
        page = await open_page(await enter(), site.link(site.offer(site.a_case())))
        network = Network(page)
        network.at_once["history", KEPT] = Route.continue_
        await network.begin()
        for after in (KEPT, CLOSED, HEARD):
            await network.open(after)
        late, overtaken = await network.first("history", CLOSED), await network.first("history", HEARD)
        await page.evaluate(f"streams[{CLOSED}].stream.close()")
        await late.continue_()
        while not network.waiting["events", HEARD].empty():
            opening = await network.first("events", HEARD)
            await opening.fulfill(content_type="text/event-stream", body=_EVENT)
        await network.hears(HEARD, "heartbeat")
        heard = await network.told(HEARD)
        await overtaken.continue_()
        await network.hears(KEPT, "heartbeat", 2)
        # Other tabs learn from it that this one lives; what is connected is not told again.
        assert await network.told(KEPT) == ["state", "connected", "heartbeat", "heartbeat"]
        while not network.waiting["events", KEPT].empty():
            await (await network.first("events", KEPT)).abort()
        await network.hears(KEPT, "open_failed")
        assert "disconnected" not in await network.told(KEPT)
        # What was asked before the stream was heard, or closed, is old.
        assert await network.told(CLOSED) == []
        assert network.asked["history", CLOSED] == 1
        assert "state" not in heard
        assert "state" not in await network.told(HEARD)
        await page.goto("about:blank")


async def test_a_stream_connects_anew_less_and_less_often_until_it_is_closed(
    sqlite: Store, enter: Enter
) -> None:
    async with served(sqlite) as site:
        page = await open_page(await enter(), site.link(site.offer(site.a_case())))
        network = Network(page)
        network.at_once |= {("events", REFUSED): Route.abort, ("events", LEFT): Route.abort}
        network.at_once["events", LOST] = Route.continue_
        await network.begin()
        for after in (REFUSED, LEFT, LOST):
            await network.open(after)
        await network.hears(LOST, "connected")
        await asyncio.sleep(_SILENCE - 1)
        # After 0, 500, 1,500 and 3,500 milliseconds.
        assert network.asked["events", REFUSED] == 4
        assert await network.told(REFUSED) == ["disconnected", "open_failed"] * 4
        assert network.asked["events", LEFT] == 1
        assert await network.told(LEFT) == ["disconnected", "open_failed"]
        # A connection that was opened and broke off needs no look at why it was refused.
        await page.evaluate(f"streams[{LOST}].told.length = 0")
        await page.evaluate("dispatchEvent(new Event('offline'))")
        await network.hears(LOST, "connected")
        told = [
            name for name in await network.told(LOST) if name in {"connected", "disconnected", "open_failed"}
        ]
        assert told == ["disconnected", "connected"]
        await page.goto("about:blank")
