"""Timers that keep the records: chain the audit trail, erase what is older than it may be kept."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from handlers.context import AppContext
from handlers.records.chain import CHAIN_BATCH, chain_entries
from handlers.records.retention import (
    expire_entries,
    expire_files,
    expire_people,
    expire_unproven_mails,
    expire_unreadable,
    expire_words,
    newest_id,
)
from handlers.timers.schedule import Timer
from storage.retention import WINDOW, Window

log = logging.getLogger(__name__)

CHAIN_EVERY = timedelta(seconds=5)
EXPIRE_EVERY = timedelta(days=1)


def records_timers(ctx: AppContext) -> list[Timer]:
    """Return the timers of the records."""

    async def chain() -> None:
        while await ctx.desk.run(chain_entries) == CHAIN_BATCH:
            pass

    return [
        Timer("chain the audit trail", CHAIN_EVERY, chain),
        Timer("erase what has expired", EXPIRE_EVERY, partial(expire_content, ctx)),
    ]


async def expire_content(ctx: AppContext) -> None:
    """Erase all content that is older than the settings allow: words, files, people, then audit entries."""
    kept, now, desk = ctx.policy.retention, ctx.clock.now(), ctx.desk
    counts: dict[str, int] = {}

    async def erase_by_windows(table: str, name: str, erase: Callable[[Window], Awaitable[int]]) -> None:
        newest = await desk.run(newest_id, table=table)
        for after in range(0, newest, WINDOW):
            window = Window(after, min(after + WINDOW, newest))
            counts[name] = counts.get(name, 0) + await erase(window)

    if before := kept.words_before(now):
        while found := await desk.run(expire_unproven_mails, before=before, now=now):
            counts["unproven mails"] = counts.get("unproven mails", 0) + found
        await erase_by_windows(
            "messages", "messages", lambda w: desk.run(expire_words, window=w, before=before, now=now)
        )
        await erase_by_windows("cases", "people", lambda w: desk.run(expire_people, window=w, now=now))
    if kept.posts is not None:
        while found := await desk.run(expire_unreadable, before=now - kept.posts):
            counts["unreadable posts"] = counts.get("unreadable posts", 0) + found
    if kept.files is not None:
        oldest = now - kept.files
        await erase_by_windows(
            "files", "files", lambda w: desk.run(expire_files, window=w, before=oldest, now=now)
        )
    if kept.audit is not None:
        first = now - kept.audit
        await erase_by_windows(
            "audit", "entries", lambda w: desk.run(expire_entries, window=w, before=first, now=now)
        )
    if any(counts.values()):
        log.info("erased what has expired: %s", counts)
