"""Wait for an answer only as long as Slack does; what takes longer comes from the background."""

import asyncio

QUICK_SECONDS = 1.0  # of the three that Slack waits


async def is_done_soon(work: asyncio.Task[object]) -> bool:
    """Wait a little for a task, and return whether it is done."""
    await asyncio.wait({work}, timeout=QUICK_SECONDS)
    return work.done()
