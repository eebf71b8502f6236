"""A Slack in virtual time that enforces rate limits and records when each case became visible."""

import json
import re
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.cases.files import File
from domain.delivery.outcomes import Done, Finding, Later, Outcome

BEGAN = datetime(2026, 11, 29, 14, tzinfo=UTC)
#: From a call until its message is on the screen, as between a server and Slack.
CALL = timedelta(milliseconds=150)
_AUTHOR = re.compile(r"Person (\d+)")
POSTS_A_SECOND, UPDATES_A_MINUTE = 1, 50


class VirtualClock:
    """A clock that runs while work is done, and jumps forward where there is none."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._skipped = 0.0

    def now(self) -> datetime:
        """Return the virtual time."""
        return BEGAN + timedelta(seconds=self.seconds)

    @property
    def seconds(self) -> float:
        """Virtual seconds since the beginning."""
        return time.monotonic() - self._began + self._skipped

    def skip_to(self, seconds: float) -> None:
        """Jump to a later moment; does nothing for an earlier one."""
        self._skipped += max(0.0, seconds - self.seconds)


@dataclass
class Window:
    """A sliding window: at most `allowed` calls in `seconds`."""

    allowed: int
    seconds: float
    calls: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Count a call, and return 0; or return the seconds until one is allowed."""
        while self.calls and self.calls[0] <= now - self.seconds:
            self.calls.popleft()
        if len(self.calls) >= self.allowed:
            return self.calls[0] + self.seconds - now
        self.calls.append(now)
        return 0.0


@dataclass
class VirtualSlack:
    """Implements `TeamChat` for one channel.

    `visible` is when the post of "Person 1" could first be seen, on a card or on the board, by that number.
    `carded` is when a case's card was posted, by the case's id, `cards` how often. `edits` is when each
    message was edited. `for_agents` of the `calls` show on cards and in threads what agents did: customers
    write once here.
    """

    clock: VirtualClock
    calls: int = 0
    refused: int = 0
    for_agents: int = 0
    visible: dict[int, float] = field(default_factory=dict)
    carded: dict[int, float] = field(default_factory=dict)
    cards: dict[int, int] = field(default_factory=dict)
    edits: dict[str, list[float]] = field(default_factory=dict)
    _card_ts: set[str] = field(default_factory=set)
    _posts: Window = field(default_factory=lambda: Window(2 * POSTS_A_SECOND, 2.0))
    _updates: Window = field(default_factory=lambda: Window(UPDATES_A_MINUTE, 60.0))

    async def post(
        self,
        channel: str,
        content: Mapping[str, Any],
        *,
        token: str,  # noqa: ARG002 - the signature of TeamChat, here and below
        thread_ts: str | None = None,
        metadata: Mapping[str, str | int] | None = None,
    ) -> Outcome:
        """Post a message; 429 above one a second."""
        self.for_agents += thread_ts is not None
        if (refusal := self._refusal(self._posts)) is not None:
            return refusal
        shown, data = self._shown_at(), dict(metadata or {})
        if thread_ts is None and "case" in data:
            case_id = int(data["case"])
            self.cards[case_id] = self.cards.get(case_id, 0) + 1
            self.carded.setdefault(case_id, shown)
            self._card_ts.add(f"{self.calls}.0")
        self._read_rows(content, shown)
        return Done({**data, "channel": channel, "ts": f"{self.calls}.0"})

    async def update(self, channel: str, ts: str, content: Mapping[str, Any]) -> Outcome:
        """Edit a message; 429 above 50 a minute."""
        self.for_agents += ts in self._card_ts
        if (refusal := self._refusal(self._updates)) is not None:
            return refusal
        shown = self._shown_at()
        self.edits.setdefault(ts, []).append(shown)
        self._read_rows(content, shown)
        return Done({"channel": channel, "ts": ts})

    async def find(
        self, channel: str, *, token: str, since: datetime, thread_ts: str | None = None
    ) -> Finding:
        """Find nothing: no outcome is unknown here."""
        raise AssertionError((channel, token, since, thread_ts))

    async def publish_home(self, user_id: str, view: Mapping[str, Any]) -> Outcome:
        """Publish an App Home, which has a limit of its own."""
        raise AssertionError((user_id, view))

    async def share_file(self, channel: str, file: File, *, thread_ts: str) -> Outcome:
        """Share no file: none arrives."""
        raise AssertionError((channel, file, thread_ts))

    async def find_file(self, channel: str, file: File, *, thread_ts: str, since: datetime) -> Finding:
        """Find no file."""
        raise AssertionError((channel, file, thread_ts, since))

    async def add_reaction(self, channel: str, ts: str, name: str) -> Outcome:
        """Add no reaction: nobody writes in threads."""
        raise AssertionError((channel, ts, name))

    async def pin(self, channel: str, ts: str) -> Outcome:  # noqa: ARG002 - it changes nothing here
        """Pin a message."""
        self.calls += 1
        return Done()

    def _refusal(self, window: Window) -> Later | None:
        self.calls += 1
        wait = window.wait(self.clock.seconds)
        if not wait:
            return None
        self.refused += 1
        return Later("ratelimited", timedelta(seconds=max(1, round(wait))), pause_destination=True)

    def _shown_at(self) -> float:
        return self.clock.seconds + CALL.total_seconds()

    def _read_rows(self, content: Mapping[str, Any], shown: float) -> None:
        """Record whose posts a message shows."""
        for number in _AUTHOR.findall(json.dumps(content["blocks"])):
            self.visible.setdefault(int(number), shown)


def first_come(arrivals: list[float]) -> Iterator[float]:
    """Yield when a bot that posts each mention as it comes, at Slack's rate, has posted each."""
    window, now = Window(2 * POSTS_A_SECOND, 2.0), 0.0
    for arrived in arrivals:
        now = max(now, arrived)
        while wait := window.wait(now):
            now += wait
        yield now + CALL.total_seconds()
