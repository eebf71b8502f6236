"""Begin rehearsals that were asked for, keep the one that goes on, end it, and erase its database."""

import asyncio
import contextlib
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from adapters.model.masking import Mask, UnknownMark
from adapters.prompts.rehearsal import load_flood_words
from adapters.settings import Settings
from domain.outages.invented_flood import FloodWords, invent_flood
from domain.outages.rehearsal import (
    NETWORK,
    EndReason,
    FloodPost,
    PostedMessage,
    Rehearsal,
    score_of,
    spread,
)
from handlers.context import AppContext
from handlers.outages.rehearsals import (
    current_rehearsal,
    record_begun,
    record_end,
    record_seen,
    recorded_posts,
)
from handlers.rehearsal.running import RunningRehearsal, open_running
from handlers.timers.schedule import Timer
from storage.engine import Store
from storage.errors import StoreError
from storage.rehearsal_store import RehearsalDatabase

log = logging.getLogger(__name__)

TEND_EVERY = timedelta(seconds=2)
FLOOD_WORDS = "payments_fail.toml"
COVERED = "…"
_MARK = re.compile(r"<[A-Z]+_\d+>")
_LINK = re.compile(r"https?://\S+")


class Rehearsals:
    """The rehearsals of this copy of the bot; at most one is open.

    `leads` is called on the store's threads.
    """

    def __init__(
        self,
        ctx: AppContext,
        database: RehearsalDatabase,
        words: Mapping[str, FloodWords],
        leads: Callable[[], bool],
    ) -> None:
        self._ctx = ctx
        self._database = database
        self._words = words
        self._leads = leads
        self._running: RunningRehearsal | None = None
        self._lock = asyncio.Lock()
        self._is_erased = False
        self._is_stopped = False

    def timers(self) -> list[Timer]:
        """Return the timer that tends the rehearsals; none where there is no channel for them."""
        if self._ctx.policy.outages.rehearsal_channel is None:
            return []
        return [Timer("tend the rehearsal", TEND_EVERY, self.tend, in_every_copy=True)]

    async def find(self) -> tuple[Rehearsal, AppContext] | None:
        """Return the rehearsal that goes on, with its context; `None` if there is none, or after `stop`."""
        rehearsal = await self._ctx.desk.run(current_rehearsal)
        if rehearsal is None or rehearsal.started_at is None:
            return None
        async with self._lock:
            running = None if self._is_stopped else await self._open(rehearsal)
        return (rehearsal, running.ctx) if running is not None else None

    async def tend(self) -> None:
        """Do what is due: begin, feed posts, end, erase. All but the leading copy only open and close."""
        leads = await self._ctx.desk.run_in_pool(self._leads)
        async with self._lock:
            rehearsal = (
                await self._ctx.desk.run(record_seen, now=self._ctx.clock.now())
                if leads
                else await self._ctx.desk.run(current_rehearsal)
            )
            if rehearsal is None:
                await self._close(erase=leads)
            elif leads:
                await self._lead(rehearsal)
            elif rehearsal.started_at is not None:
                await self._open(rehearsal)

    async def stop(self) -> None:
        """Close what is open; the rehearsal goes on when the bot is started again."""
        async with self._lock:
            self._is_stopped = True
            await self._close(erase=False)

    async def _lead(self, rehearsal: Rehearsal) -> None:
        now = self._ctx.clock.now()
        if rehearsal.started_at is None:
            await self._begin(rehearsal)
            return
        running = await self._open(rehearsal)
        if running is None:
            log.warning("the rehearsal's database is gone, or of another version of the bot")
            await self._record_end(rehearsal, EndReason.LOST, None)
            return
        if rehearsal.stop_asked_by is None:
            await running.feed(rehearsal, now)
        if (ended := await running.end(rehearsal, now)) is not None:
            reason, marks = ended
            await self._record_end(rehearsal, reason, running)
            log.info("the rehearsal ended (%s) after %d posts", reason, marks.posts)

    async def _begin(self, rehearsal: Rehearsal) -> None:
        """Make the rehearsal's database anew, whatever an earlier try left."""
        await self._close(erase=False)
        try:
            await asyncio.to_thread(self._database.create)
        except StoreError:
            log.exception("the rehearsal cannot begin")
            await self._record_end(rehearsal, EndReason.LOST, None)
            return
        self._is_erased = False
        await self._ctx.desk.run(record_begun, rehearsal_id=rehearsal.id, now=self._ctx.clock.now())

    async def _record_end(
        self, rehearsal: Rehearsal, reason: EndReason, running: RunningRehearsal | None
    ) -> None:
        """Record the end with the score, then close and erase.

        Nothing may be drawn once the messages are folded, so delivery is stopped first.
        """
        score, messages = None, list[PostedMessage]()
        if running is not None:
            score = score_of(await running.marks())
            await running.stop()
            messages = await running.messages()
        await self._ctx.desk.run(
            record_end,
            rehearsal_id=rehearsal.id,
            reason=reason,
            score=score,
            messages=messages,
            now=self._ctx.clock.now(),
        )
        await self._close(erase=True)

    async def _open(self, rehearsal: Rehearsal) -> RunningRehearsal | None:
        """Return the rehearsal as it is open in this copy, opened if need be; `None` without its database."""
        if self._running is not None and self._running.rehearsal_id == rehearsal.id:
            return self._running
        await self._close(erase=False)
        store: Store | None = await asyncio.to_thread(self._database.open)
        if store is None:
            return None
        flood = await self._flood(rehearsal)
        await self._ctx.desk.run(self._ctx.live_classifier.current.refresh)
        self._running = open_running(self._ctx, rehearsal, store, flood, self._leads)
        self._running.start()
        return self._running

    async def _close(self, *, erase: bool) -> None:
        running, self._running = self._running, None
        if running is not None:
            self._is_erased = False
            await running.close()
        if erase and not self._is_erased:
            await asyncio.to_thread(self._database.erase)
            self._is_erased = True

    async def _flood(self, rehearsal: Rehearsal) -> Sequence[FloodPost]:
        if rehearsal.recorded_from is None:
            account = next((one.account for one in self._ctx.networks.values()), None)
            handle = account.handle if account is not None else "us"
            return invent_flood(self._words, count=rehearsal.posts, handle=handle)
        stored = await self._ctx.desk.run(
            recorded_posts, since=rehearsal.recorded_from, limit=rehearsal.posts
        )
        return spread([replace(post, text=self._covered(post)) for post in stored])

    def _covered(self, post: FloodPost) -> str:
        """Return a recorded post's text without personal data, links and handles but our own."""
        ours = {f"@{one.account.handle}".lower() for one in self._ctx.networks.values()}
        mask = Mask(language=post.language)
        [covered] = mask.cover([_LINK.sub(COVERED, post.text)])

        def shown(mark: re.Match[str]) -> str:
            with contextlib.suppress(UnknownMark):
                if (original := mask.restore(mark[0])).lower() in ours:
                    return original
            return COVERED

        return _MARK.sub(shown, covered)


def open_rehearsals(
    ctx: AppContext, settings: Settings, prompts: Path, leads: Callable[[], bool]
) -> Rehearsals:
    """Make the rehearsals of this bot."""
    return Rehearsals(
        ctx,
        RehearsalDatabase(settings.environment.database_url.get_secret_value()),
        load_flood_words(prompts / NETWORK / FLOOD_WORDS),
        leads,
    )
