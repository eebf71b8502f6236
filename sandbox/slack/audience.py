"""What people's screens are told as it happens; the demo page listens here, tests read the notices."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.slack.jsons import Json


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that a person's client would show: an event name of /ui/slack/events and its data."""

    name: str
    data: Json


class Audience:
    """The listening screens, by user id; somebody may have several."""

    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[Happening | None]]] = defaultdict(set)
        self.notices: dict[str, list[str]] = defaultdict(list)

    def listen(self, user: str) -> "asyncio.Queue[Happening | None]":
        """A queue that fills with what this person sees from now on, None at the end; `leave` ends it."""
        queue: asyncio.Queue[Happening | None] = asyncio.Queue()
        self._queues[user].add(queue)
        return queue

    def leave(self, user: str, queue: "asyncio.Queue[Happening | None]") -> None:
        """Stop filling the queue."""
        self._queues[user].discard(queue)

    def tell(self, users: Iterable[str], name: str, data: Json) -> None:
        """Show something to these people."""
        for user in users:
            for queue in self._queues.get(user, ()):
                queue.put_nowait(Happening(name, data))

    def notice(self, user: str, text: str) -> None:
        """Show a line from Slack itself, such as "the app did not respond in time"."""
        self.notices[user].append(text)
        self.tell([user], "notice", {"text": text})

    def close(self) -> None:
        """Tell every screen that there is nothing more to come."""
        for queues in self._queues.values():
            for queue in queues:
                queue.put_nowait(None)
