"""Publish events to people's screens; the demo page listens here, tests read the notices."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.slack.jsons import Json


@dataclass(frozen=True, slots=True)
class ScreenEvent:
    """One event that a person's client shows: its name in /ui/slack/events and its data."""

    name: str
    data: Json


class Audience:
    """The queues of all open screens, by user id; somebody may have several."""

    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[ScreenEvent | None]]] = defaultdict(set)
        self.notices: dict[str, list[str]] = defaultdict(list)

    def subscribe(self, user: str) -> "asyncio.Queue[ScreenEvent | None]":
        """Open a queue of this person's events, with None at the end; `unsubscribe` closes it."""
        queue: asyncio.Queue[ScreenEvent | None] = asyncio.Queue()
        self._queues[user].add(queue)
        return queue

    def unsubscribe(self, user: str, queue: "asyncio.Queue[ScreenEvent | None]") -> None:
        """Stop adding events to the queue."""
        self._queues[user].discard(queue)

    def publish(self, users: Iterable[str], name: str, data: Json) -> None:
        """Publish an event to these people."""
        for user in users:
            for queue in self._queues.get(user, ()):
                queue.put_nowait(ScreenEvent(name, data))

    def notice(self, user: str, text: str) -> None:
        """Show a notice from Slack itself, such as "the app did not respond in time"."""
        self.notices[user].append(text)
        self.publish([user], "notice", {"text": text})

    def close(self) -> None:
        """End every queue."""
        for queues in self._queues.values():
            for queue in queues:
                queue.put_nowait(None)
