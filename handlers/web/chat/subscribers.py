"""Who waits for news of which conversation, in this process. Nothing is kept: what is new is read from the store."""

import asyncio
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress


class Listener:
    """One that waits. All on the event loop's thread."""

    __slots__ = ("_bell", "_topics")

    def __init__(self) -> None:
        self._bell = asyncio.Event()
        self._topics: set[str] = set()

    def tell(self, topic: str | None) -> None:
        """There is news of a topic, or, for all that is known, of any."""
        if topic is not None:
            self._topics.add(topic)
        self._bell.set()

    async def wait(self, seconds: float) -> frozenset[str]:
        """The topics that there was news of since the last time; empty where it is merely time to look."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._bell.wait()
        told = frozenset(self._topics)
        self._topics.clear()
        self._bell.clear()
        return told


class Listeners:
    """All that wait."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Listener]] = {}
        self.closed = False

    def wake(self, topics: Iterable[str]) -> None:
        """Wake those who listen for one of these."""
        for topic in topics:
            for listener in self._waiting.get(topic, ()):
                listener.tell(topic)

    def wake_all(self) -> None:
        """Wake everybody: news may have been missed."""
        for listeners in self._waiting.values():
            for listener in listeners:
                listener.tell(None)

    def close(self) -> None:
        """Let everybody go, and nobody wait any more."""
        self.closed = True
        self.wake_all()

    def many(self, topic: str) -> int:
        """How many listen for it."""
        return len(self._waiting.get(topic, ()))

    @contextmanager
    def listening(self, *topics: str) -> Generator[Listener]:
        """Listen while the block runs."""
        listener = Listener()
        for topic in topics:
            self._waiting.setdefault(topic, []).append(listener)
        try:
            yield listener
        finally:
            for topic in topics:
                self._waiting[topic].remove(listener)
                if not self._waiting[topic]:
                    del self._waiting[topic]
