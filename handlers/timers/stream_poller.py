"""Poll a stream from its cursor: skip it while it is paused, and record errors instead of raising them."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from domain.accounts import Account
from domain.clock import Clock
from domain.intake.streams import Cursor, SourceError, SourceFault, Stream
from domain.operations.storage_faults import StorageUnavailable
from domain.policy import Policy
from handlers.desk import Desk
from handlers.intake.stream_health import get_cursor, record_failure
from handlers.replies.refused import retry_refused
from storage.errors import LostLeadership

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPoller:
    """Polls the streams of one account; a stream that the network refused is paused for `pause`.

    `label` is as in `Stream`.
    """

    desk: Desk
    account: Account
    label: str
    policy: Policy
    clock: Clock
    pause: timedelta

    def stream(self, name: str) -> Stream:
        """Return the account's stream of that name."""
        return Stream(account=self.account, name=name, label=self.label)

    async def poll(self, stream: str, read: Callable[[Cursor], Awaitable[int]]) -> int:
        """Call `read` with the stream's cursor and return how many items were new.

        Returns 0 while the stream is paused and after an error. A `SourceError` is recorded as it is,
        any other exception as a `BAD_REQUEST` after logging its traceback. Raises `LostLeadership`.
        """
        cursor = await self.desk.run(get_cursor, account=self.account, stream=stream)
        if cursor.is_paused(self.clock.now()):
            return 0
        try:
            added = await read(cursor)
        except SourceError as error:
            await self._record_failure(stream, error)
        except LostLeadership:
            raise  # another copy reads on, and records how that goes
        except StorageUnavailable:
            pass  # told where it was found out
        except Exception as error:
            log.exception("what came by %s could not be stored", stream)
            reason = f"what came could not be stored ({type(error).__name__}), and is asked for again."
            await self._record_failure(stream, SourceError(SourceFault.BAD_REQUEST, reason))
        else:
            if cursor.pause_reason is not None:
                await self._retry_refused()
            return added
        return 0

    async def _retry_refused(self) -> None:
        """Send again what the network refused while it refused the reading, too."""
        network, now = self.account.network, self.clock.now()
        if retried := await self.desk.run(retry_refused, network=network, now=now):
            log.warning("%s answers again: %d answers that it refused are sent again", network, retried)

    async def _record_failure(self, stream: str, error: SourceError) -> None:
        log.warning("reading %s failed: %s", stream, error)
        await self.desk.run(
            record_failure,
            stream=self.stream(stream),
            error=error,
            pause=self.pause,
            policy=self.policy,
            now=self.clock.now(),
        )
