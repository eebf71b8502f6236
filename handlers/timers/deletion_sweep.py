"""Looking whether posts that we keep are still there."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from domain.accounts import Account
from domain.cases.messages import Message
from domain.clock import Clock
from domain.intake.sources import SourceError
from domain.networks import SocialNetwork
from domain.policy import Policy
from handlers.desk import Desk
from handlers.intake.deletion_sweep import (
    DELETIONS,
    SweepBatch,
    next_sweep_batch,
    posts_in_batch,
    record_swept,
)
from handlers.intake.stream_health import record_failure

log = logging.getLogger(__name__)

AT_ONCE = 100
#: A turn or two that fail are made up for by the next ones; a whole day without a look breaks a promise.
UNREACHABLE_FOR = timedelta(hours=24)


class DeletionSweep:
    """Looks up one account's posts of the last `within`, an hourly turn at a time, and removes here what is gone there."""

    def __init__(
        self,
        *,
        desk: Desk,
        network: SocialNetwork,
        account: Account,
        policy: Policy,
        within: timedelta,
        pause: timedelta,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._network = network
        self._account = account
        self._policy = policy
        self._within = within
        self._pause = pause
        self._clock = clock

    async def turn(self) -> int:
        """Look at this turn's share; says how many posts were gone. Troubles are noted, never raised."""
        turn = await self._desk.run(
            next_sweep_batch, account=self._account, within=self._within, now=self._clock.now()
        )
        if turn is None:
            return 0
        try:
            return await self._look(turn)
        except SourceError as error:
            await self._note(error)
        return 0

    async def _look(self, turn: SweepBatch) -> int:
        removed, after_id, left = 0, turn.after_id, turn.size
        while True:
            posts = await self._desk.run(
                posts_in_batch, account=self._account, turn=turn, after_id=after_id, limit=min(left, AT_ONCE)
            )
            after_id = posts[-1].id if posts else after_id
            removed += await self._take(turn, posts, after_id)
            left -= len(posts)
            if len(posts) < AT_ONCE or left <= 0:
                return removed

    async def _take(self, turn: SweepBatch, posts: Sequence[Message], upto_id: int) -> int:
        gone = await self._network.gone([str(post.external_id) for post in posts])
        if gone:
            log.info("%d posts are gone from %s, and their text from here", len(gone), self._account.network)
        return await self._desk.run(
            record_swept,
            account=self._account,
            turn=turn,
            upto_id=upto_id,
            gone=[post for post in posts if post.external_id in gone],
            policy=self._policy,
            now=self._clock.now(),
        )

    async def _note(self, error: SourceError) -> None:
        log.warning("looking for deleted posts failed: %s", error)
        await self._desk.run(
            record_failure,
            account=self._account,
            stream=DELETIONS,
            error=error,
            pause=self._pause,
            policy=self._policy,
            now=self._clock.now(),
            unreachable_for=UNREACHABLE_FOR,
        )
