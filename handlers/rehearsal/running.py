"""Keep an open rehearsal going in this copy of the bot: its desk, its delivery, its timers."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.delivery.pacing import Pace
from domain.intake.stream_names import MENTIONS
from domain.outages.rehearsal import (
    NETWORK,
    EndReason,
    FloodPost,
    Marks,
    PostedMessage,
    Rehearsal,
    due_posts,
    end_of,
    post_of,
)
from handlers.context import AppContext
from handlers.delivery.loop import Delivery
from handlers.delivery.performers import dispatcher_of
from handlers.desk import Desk
from handlers.intake.mentions import ingest_posts
from handlers.intake.stream_health import get_cursor
from handlers.outages.rehearsals import read_marks, read_messages
from handlers.rehearsal.context import rehearsal_context
from handlers.timers.maintenance import maintenance_timers
from handlers.timers.schedule import Schedule
from storage.engine import Store

log = logging.getLogger(__name__)

BATCH = 20  # posts in one transaction
#: Slack counts updates in the whole workspace: most of them are left to the real cards.
UPDATES = Pace(timedelta(seconds=3), burst=5)


@dataclass(kw_only=True)
class RunningRehearsal:
    """A rehearsal that is open in this copy. Made by `open_running`; call `close` in the end."""

    rehearsal_id: int
    ctx: AppContext
    flood: Sequence[FloodPost]
    delivery: Delivery
    schedule: Schedule
    _delivering: asyncio.Task[None] | None = field(default=None)

    def start(self) -> None:
        """Start delivery and the timers."""
        self._delivering = asyncio.create_task(self.delivery.run(), name="deliver the rehearsal")
        self.schedule.start()

    async def feed(self, rehearsal: Rehearsal, now: datetime) -> None:
        """Take in the posts that are due and were not yet; each exactly once, by the stream's cursor."""
        account, profile = self.ctx.networks[NETWORK].account, self.ctx.networks[NETWORK].profile
        cursor = await self.ctx.desk.run(get_cursor, account=account, stream=MENTIONS)
        due = due_posts(self.flood, rehearsal.progress(now), cursor.since_id)
        if not due:
            return
        classifier = await self.ctx.live_classifier.refresh()
        for start in range(0, len(due), BATCH):
            batch = due[start : start + BATCH]
            await self.ctx.desk.run(
                ingest_posts,
                account=account,
                profile=profile,
                posts=[post_of(post, account_id=account.id, now=now) for post in batch],
                stream=MENTIONS,
                newest_id=batch[-1].key,
                classifier=classifier,
                now=now,
            )

    async def marks(self) -> Marks:
        """Return what happened so far."""
        urgent = [post.key for post in self.flood if post.is_urgent]
        return await self.ctx.desk.run(read_marks, urgent_keys=urgent)

    async def end(self, rehearsal: Rehearsal, now: datetime) -> tuple[EndReason, Marks] | None:
        """Return why it is over and what happened; `None` while it goes on."""
        marks = await self.marks()
        reason = end_of(rehearsal, marks, now)
        return None if reason is None else (reason, marks)

    async def stop(self) -> None:
        """Stop the timers and delivery: from then on nothing is posted or edited."""
        await self.schedule.stop()
        await self.ctx.background.stop()
        await self.delivery.stop()
        delivering, self._delivering = self._delivering, None
        if delivering is not None:
            await delivering

    async def messages(self) -> list[PostedMessage]:
        """Return the messages that have buttons."""
        return await self.ctx.desk.run(read_messages)

    async def close(self) -> None:
        """Stop the timers and delivery, and close the desk."""
        await self.stop()
        await asyncio.to_thread(self.ctx.desk.close)


def open_running(
    ctx: AppContext,
    rehearsal: Rehearsal,
    store: Store,
    flood: Sequence[FloodPost],
    leads: Callable[[], bool],
) -> RunningRehearsal:
    """Open a rehearsal in this copy, on its own store. `ctx` is the real context."""
    desk = Desk(store)
    own = rehearsal_context(ctx, desk, rehearsal.channel)
    store.service_levels = own.policy.service_levels
    dispatcher = dispatcher_of(own, owner=f"rehearsal-{uuid.uuid4().hex}")
    real_paces = dispatcher.paces
    dispatcher = replace(
        dispatcher,
        on_decided=None,
        paces=lambda name: UPDATES if name == "slack:update" else real_paces(name),
    )
    delivery = Delivery(desk, dispatcher, ctx.clock, sole_worker=store.workers == 1)
    desk.on_effects = delivery.wake
    # What is kept in memory in every copy is the real bot's too, which keeps it up to date.
    timers = [timer for timer in maintenance_timers(own) if not timer.in_every_copy]
    schedule = Schedule(timers, desk=desk, clock=ctx.clock, leads=leads)
    return RunningRehearsal(
        rehearsal_id=rehearsal.id, ctx=own, flood=flood, delivery=delivery, schedule=schedule
    )
