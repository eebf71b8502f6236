"""Await a call of a performer, which may take too long or fail in a way that nobody foresaw."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from domain.delivery.effects import Job

log = logging.getLogger(__name__)
T = TypeVar("T")

PERFORM_TIMEOUT = 60.0  # seconds; well within the lease


async def run_guarded(job: Job, call: Awaitable[T], fallback: Callable[[str], T]) -> T:
    """Await `call`; on a timeout or an unexpected exception return `fallback` of the reason."""
    try:
        async with asyncio.timeout(PERFORM_TIMEOUT):
            return await call
    except TimeoutError:
        return fallback(f"no answer within {PERFORM_TIMEOUT:.0f} s")
    except Exception as error:
        log.exception("%s met an unforeseen fault", job.effect.key)
        return fallback(f"an unforeseen fault of ours ({type(error).__name__})")
