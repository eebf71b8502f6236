"""Replay a set of mentions into the simulated X at a chosen speed."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox import mentions
from sandbox.x import Post, XNetwork
from sandbox.x.direct import Media

Mention = Mapping[str, Any]


@dataclass(order=True, slots=True)
class Step:
    """One action, `at` seconds from the start of the set."""

    at: float
    order: int
    act: Callable[[], None] = field(compare=False)


class Script:
    """The steps of a set, and the post that each mention of the set became."""

    def __init__(self, network: XNetwork, entries: Iterable[Mention]) -> None:
        self.posted: dict[str, str] = {}
        self._network = network
        self.steps = sorted(step for entry in entries for step in self._steps_of(entry))

    def _steps_of(self, entry: Mention) -> list[Step]:
        at = float(entry["at"])
        steps = [Step(at, 0, lambda: self._publish(entry))]
        steps += [Step(float(e["at"]), 1, self._edit(entry["id"], e["text"])) for e in entry.get("edits", ())]
        if "deleted_at" in entry:
            steps.append(Step(float(entry["deleted_at"]), 2, lambda: self._delete(entry["id"])))
        return steps

    def _publish(self, entry: Mention) -> None:
        author = self._network.brand
        if not entry.get("from_brand"):
            who = entry["author"]
            author = self._network.accounts.get(
                who["username"],
                who.get("name", ""),
                followers=who.get("followers"),
                description=who.get("description"),
                verified=who.get("verified"),
            )
        made: Post = self._network.post(
            author,
            entry["text"],
            reply_to=self._id(entry.get("reply_to")),
            quotes=self._id(entry.get("quotes")),
            retweets=self._id(entry.get("retweets")),
            reply_settings=entry.get("reply_settings", "everyone"),
            lang=entry.get("lang", "und"),
            media=[self._media(one) for one in entry.get("media", ())],
        )
        self.posted[entry["id"]] = made.id

    def _media(self, about: Mention) -> Media:
        content = mentions.picture(about["picture"])
        kind, alt_text = about.get("kind", "photo"), about.get("alt_text", "")
        return self._network.direct.add_media(
            about["picture"], "image/png", content, kind=kind, alt_text=alt_text
        )

    def _id(self, name: str | None) -> str | None:
        """Return the current id of the post that a mention of the set became."""
        return None if name is None else self._network.posts[self.posted[name]].history[-1]

    def _edit(self, name: str, text: str) -> Callable[[], None]:
        def act() -> None:
            self._network.edit(self.posted[name], text)

        return act

    def _delete(self, name: str) -> None:
        self._network.delete(self.posted[name])


def play_at_once(network: XNetwork, entries: Iterable[Mention]) -> dict[str, str]:
    """Play a whole set now; returns the id on X of each mention of the set."""
    script = Script(network, entries)
    for step in script.steps:
        step.act()
    return script.posted


class Replay:
    """A running replay. `speed` is seconds of the set per second.

    A step whose post was deleted meanwhile is skipped and recorded in the ledger.
    """

    def __init__(self, network: XNetwork) -> None:
        self.set_name: str | None = None
        self.script: Script | None = None
        self._network = network
        self._base, self._since = 0.0, 0.0
        self._speed = 1.0
        self._paused = False
        self._done = 0
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def position(self) -> float:
        """Seconds of the set that have passed."""
        if self._paused or self._task is None or self._task.done():
            return self._base
        return self._base + (time.monotonic() - self._since) * self._speed

    async def start(self, set_name: str, *, speed: float = 1.0, paused: bool = False) -> None:
        """Replay a bundled set from its beginning. Raises FileNotFoundError when there is no such set."""
        script = Script(self._network, mentions.read(set_name))
        await self.stop()
        self.set_name, self.script = set_name, script
        self._base, self._done = 0.0, 0
        self.adjust(speed=speed, paused=paused)
        self._task = asyncio.create_task(self._play(script), name="sandbox replay")

    def adjust(self, *, speed: float | None = None, paused: bool | None = None) -> None:
        """Change the speed, pause or resume.

        Raises ValueError unless `speed` is above 0 and at most 1,000,000.
        """
        if speed is not None and not 0 < speed <= 1_000_000:  # noqa: PLR2004 - above it, use play_at_once
            raise ValueError("speed must be above 0 and at most 1,000,000")
        self._base, self._since = self.position, time.monotonic()
        self._speed = self._speed if speed is None else speed
        self._paused = self._paused if paused is None else paused
        self._changed.set()

    async def stop(self) -> None:
        """Cancel the replay; what was posted stays."""
        if self._task is not None:
            self._base = self.position
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def finished(self) -> None:
        """Wait until every step of the set has run. Re-raises the error of a step, if one failed."""
        if self._task is not None:
            await asyncio.shield(self._task)

    def status(self) -> dict[str, Any]:
        """Return the replay's state as JSON."""
        steps = self.script.steps if self.script else []
        return {
            "set": self.set_name,
            "speed": self._speed,
            "paused": self._paused,
            "position": round(self.position, 3),
            "length": steps[-1].at if steps else 0.0,
            "done": self._done,
            "steps": len(steps),
            "finished": bool(steps) and self._done == len(steps),
        }

    async def _play(self, script: Script) -> None:
        for step in script.steps:
            await self._wait_until(step.at)
            try:
                step.act()
            except LookupError as gone:
                self._network.ledger.record("x", "replay skipped a step", at=step.at, reason=str(gone))
            self._done += 1
        self._base = script.steps[-1].at if script.steps else 0.0

    async def _wait_until(self, at: float) -> None:
        while (left := at - self.position) > 0:
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), None if self._paused else left / self._speed)
        await asyncio.sleep(0)
