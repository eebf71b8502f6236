"""Know whether the agent of a chat is at work, without keeping the chat waiting for Slack."""

import asyncio
import logging
from datetime import datetime, timedelta

from handlers.context import AppContext
from handlers.presence import is_at_work

log = logging.getLogger(__name__)

#: How long an answer is shown without looking again: each open chat asks every few seconds.
FRESH_FOR = timedelta(minutes=1)
#: How long a chat waits for a look that is under way.
PATIENCE_SECONDS = 1.0


class AgentPresence:
    """Who is at work, as it was last known. Somebody of whom nothing is known is not."""

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx
        self._known: dict[str, tuple[bool, datetime]] = {}
        self._looks: dict[str, asyncio.Task[None]] = {}

    async def is_here(self, user_id: str) -> bool:
        """Return whether this agent is at work, as known within `PATIENCE_SECONDS`."""
        now = self._ctx.clock.now()
        is_here, at = self._known.get(user_id, (False, None))
        if at is None or not timedelta(0) <= now - at < FRESH_FOR:
            if (look := self._looks.get(user_id)) is None:
                look = self._looks[user_id] = asyncio.create_task(self._look(user_id, now))
            await asyncio.wait({look}, timeout=PATIENCE_SECONDS)
            is_here, _ = self._known.get(user_id, (False, None))
        return is_here

    def close(self) -> None:
        """Look no further."""
        for look in self._looks.values():
            look.cancel()

    async def _look(self, user_id: str, now: datetime) -> None:
        try:
            self._known[user_id] = (await is_at_work(self._ctx, user_id), now)
        except Exception:
            log.exception("whether %s is at work cannot be told", user_id)
        finally:
            del self._looks[user_id]
