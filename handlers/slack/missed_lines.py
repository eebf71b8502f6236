"""Read the threads of open private conversations for lines to the customer that were never handled.

Slack tries three times, for six minutes, to deliver an event; what is written while the bot is down for
longer, or while its database is, would be lost without a word.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.slack.plain_text import BotMention
from domain.cases.case import CardThread
from handlers.context import AppContext
from handlers.replies.missed_lines import (
    may_still_go,
    record_missed_line,
    threads_in_private,
    unhandled_lines,
)
from handlers.replies.private import DELIVERED_REACTION, FAILED_REACTION
from handlers.slack.changed_lines import line_key
from handlers.slack.thread_replies import handle_line, thread_lock

LOOK_BACK = timedelta(days=3)
MAX_THREADS = 50
READ_AGAIN = timedelta(minutes=10)
#: Slack takes some 50 calls a minute (docs.slack.dev, conversations.replies), of which others need most.
AT_ONCE = 4
_SUBTYPES = frozenset({None, "file_share", "thread_broadcast"})

log = logging.getLogger(__name__)


class MissedLines:
    """Reads some threads each time that it is called, until all were read; all again after `READ_AGAIN`.

    One that cannot be read stands behind the others until then.
    """

    def __init__(self) -> None:
        self._unread: list[CardThread] = []
        self._listed_at: datetime | None = None

    async def read(self, ctx: AppContext) -> None:
        """Send the lines that were missed and are recent; say in the thread that the others were not sent."""
        now = ctx.clock.now()
        # A listing later than now is from before the clock was set back.
        if self._listed_at is None or not timedelta() <= now - self._listed_at < READ_AGAIN:
            self._unread = await ctx.desk.run(threads_in_private, limit=MAX_THREADS)
            self._listed_at = now
        for thread in self._unread[:AT_ONCE]:
            self._unread.remove(thread)
            self._unread.append(thread)
            if not await _read(ctx, thread):
                return
            self._unread.remove(thread)


async def _read(ctx: AppContext, thread: CardThread) -> bool:
    """Handle what was missed in a thread; return whether Slack answered."""
    # Whoever handles a line of this thread just now has stored it, or marked it, once we have the lock.
    async with thread_lock(ctx, thread.channel, thread.ts):
        since = ctx.clock.now() - LOOK_BACK
        messages = await ctx.modals.thread_messages(thread.channel, thread.ts, since=since)
        if messages is not None:
            await _handle_missed(ctx, thread, [one for one in messages if _is_unmarked_line(ctx, one)])
        return messages is not None


async def _handle_missed(ctx: AppContext, thread: CardThread, lines: list[dict[str, Any]]) -> None:
    by_ts = {str(line["ts"]): line for line in lines}
    keys = [(ts, line_key(thread.channel, ts)) for ts in by_ts]
    if not keys:
        return
    for ts in await ctx.desk.run(unhandled_lines, case_id=thread.case_id, lines=keys):
        written_at = datetime.fromtimestamp(float(ts), UTC)
        case_id, now, line = thread.case_id, ctx.clock.now(), by_ts[ts]
        log.warning("a line in the thread of case %d was never handled", case_id)
        if await ctx.desk.run(may_still_go, case_id=case_id, written_at=written_at, now=now):
            await handle_line(ctx, {**line, "channel": thread.channel, "thread_ts": thread.ts})
        else:
            await ctx.desk.run(
                record_missed_line,
                case_id=case_id,
                ts=ts,
                user_id=str(line["user"]),
                written_at=written_at,
                now=now,
            )


def _is_unmarked_line(ctx: AppContext, message: Mapping[str, Any]) -> bool:
    """Return whether it is a person's line to the customer that we did not mark as sent or refused."""
    return (
        message.get("subtype") in _SUBTYPES
        and "bot_id" not in message
        and isinstance(message.get("user"), str)
        and BotMention(message, ctx.bot_user_id).is_addressed
        and not _marks(message, ctx.bot_user_id) & {DELIVERED_REACTION, FAILED_REACTION}
    )


def _marks(message: Mapping[str, Any], user_id: str) -> set[str]:
    """Return the names of the reactions of this user."""
    reactions = message.get("reactions")
    found = reactions if isinstance(reactions, list) else []
    return {
        str(reaction.get("name"))
        for reaction in found
        if isinstance(reaction, dict) and user_id in (reaction.get("users") or ())
    }
