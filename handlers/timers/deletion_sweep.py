"""Sweep for deleted posts: look up stored posts on their network, and redact those that are gone."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from domain.cases.messages import Message
from domain.clock import Clock
from domain.intake.streams import SourceError, Stream
from domain.networks import Connected
from domain.policy import Policy
from domain.surge.spending import Act
from handlers.desk import Desk
from handlers.intake.deletion_sweep import (
    DELETIONS,
    SweepBatch,
    ids_to_look_up,
    next_sweep_batch,
    posts_in_batch,
    redact_deleted_posts,
)
from handlers.intake.stream_health import record_failure
from handlers.surge.spending import meter

log = logging.getLogger(__name__)

LOOKUP_SIZE = 100  # posts in one lookup
#: Later runs of the day make up for a few failed ones; only a day without a sweep breaks the promise of a
#: daily lookup.
SWEEP_ALERT_AFTER = timedelta(hours=24)


class DeletionSweep:
    """Looks up each of a network's posts of the last `within` once a day, and redacts the deleted ones."""

    def __init__(
        self,
        *,
        desk: Desk,
        network: Connected,
        policy: Policy,
        within: timedelta,
        pause: timedelta,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._network = network
        self._account = network.account
        self._stream = Stream(account=network.account, name=DELETIONS, label=network.profile.label)
        self._policy = policy
        self._within = within
        self._pause = pause
        self._clock = clock

    async def run(self) -> int:
        """Look up the next batch of posts and redact the deleted ones; return how many.

        Records a `SourceError`, does not raise it.
        """
        batch = await self._desk.run(
            next_sweep_batch, account=self._account, within=self._within, now=self._clock.now()
        )
        if batch is None:
            return 0
        try:
            return await self._sweep(batch)
        except SourceError as error:
            await self._record_failure(error)
        return 0

    async def _sweep(self, batch: SweepBatch) -> int:
        redacted, after_id, left = 0, batch.after_id, batch.size
        while True:
            posts = await self._desk.run(
                posts_in_batch,
                account=self._account,
                batch=batch,
                after_id=after_id,
                limit=min(left, LOOKUP_SIZE),
            )
            after_id = posts[-1].id if posts else after_id
            redacted += await self._redact_deleted(batch, posts, after_id)
            left -= len(posts)
            if len(posts) < LOOKUP_SIZE or left <= 0:
                return redacted

    async def _redact_deleted(self, batch: SweepBatch, posts: Sequence[Message], up_to_id: int) -> int:
        ids = ids_to_look_up(posts)
        await self._desk.run(
            meter,
            policy=self._policy,
            profile=self._network.profile,
            act=Act.RECHECK,
            count=len(ids),
            now=self._clock.now(),
        )
        deleted_ids = await self._network.client.missing_posts(ids)
        if deleted_ids:
            log.info(
                "%d posts are gone from %s, and their text from here",
                len(deleted_ids),
                self._account.network,
            )
        return await self._desk.run(
            redact_deleted_posts,
            stream=self._stream,
            batch=batch,
            up_to_id=up_to_id,
            posts=posts,
            deleted_ids=deleted_ids,
            policy=self._policy,
            now=self._clock.now(),
        )

    async def _record_failure(self, error: SourceError) -> None:
        log.warning("looking for deleted posts failed: %s", error)
        await self._desk.run(
            record_failure,
            stream=self._stream,
            error=error,
            pause=self._pause,
            policy=self._policy,
            now=self._clock.now(),
            alert_after=SWEEP_ALERT_AFTER,
        )
