"""Wake event streams of this process when their topics are signalled.

Carries no payload: streams read the database.
"""

import asyncio
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress


class StreamSubscriber:
    """One waiting stream. Used on the event loop's thread only."""

    __slots__ = ("_topics", "_wakeup")

    def __init__(self) -> None:
        self._wakeup = asyncio.Event()
        self._topics: set[str] = set()

    def notify(self, topic: str | None) -> None:
        """Wake it for a topic; `None` wakes it without one, because signals may have been missed."""
        if topic is not None:
            self._topics.add(topic)
        self._wakeup.set()

    async def wait(self, seconds: float) -> frozenset[str]:
        """Wait up to `seconds`; return the topics notified since the last call.

        Empty after a timeout, or if only `wake_all` woke it.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wakeup.wait()
        topics = frozenset(self._topics)
        self._topics.clear()
        self._wakeup.clear()
        return topics


class StreamSubscribers:
    """Registry of all waiting streams, by topic."""

    def __init__(self) -> None:
        self._by_topic: dict[str, list[StreamSubscriber]] = {}
        self.closed = False

    def wake(self, topics: Iterable[str]) -> None:
        """Wake the subscribers of these topics."""
        for topic in topics:
            for subscriber in self._by_topic.get(topic, ()):
                subscriber.notify(topic)

    def wake_all(self) -> None:
        """Wake every subscriber: signals may have been missed."""
        for subscribers in self._by_topic.values():
            for subscriber in subscribers:
                subscriber.notify(None)

    def close(self) -> None:
        """Mark as closed and wake every subscriber, so that all streams end."""
        self.closed = True
        self.wake_all()

    @contextmanager
    def subscribe(self, *topics: str) -> Generator[StreamSubscriber]:
        """Subscribe to the topics while the block runs."""
        subscriber = StreamSubscriber()
        for topic in topics:
            self._by_topic.setdefault(topic, []).append(subscriber)
        try:
            yield subscriber
        finally:
            for topic in topics:
                self._by_topic[topic].remove(subscriber)
                if not self._by_topic[topic]:
                    del self._by_topic[topic]
