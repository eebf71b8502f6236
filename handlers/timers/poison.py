"""Detect poison messages: those that fail to be stored each time, and would block the stream behind them."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable

from domain.intake.streams import SourceError
from storage.errors import is_storage_fault

log = logging.getLogger(__name__)

#: Attempts at a message before it is skipped.
MAX_ATTEMPTS = 3


class PoisonGuard:
    """Counts failed attempts per message of one stream, and skips a message after `MAX_ATTEMPTS`.

    `noun` names a message in the log.
    """

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._failures: Counter[str] = Counter()

    async def run(self, key: str, ingest: Awaitable[bool], skip: Callable[[str], Awaitable[None]]) -> bool:
        """Await `ingest` for the message `key`; return whether it was new.

        Raises what `ingest` raises, so that the stream is read again; at the last attempt calls `skip` with
        the name of the exception's class instead. Where the remote system (`SourceError`) or our own storage
        failed, the message is not at fault, and nothing is counted.
        """
        try:
            is_new = await ingest
        except SourceError:
            raise
        except Exception as error:
            if is_storage_fault(error):
                raise
            self._failures[key] += 1
            if self._failures[key] < MAX_ATTEMPTS:
                raise
            log.exception("%s %s could not be stored, and is skipped", self._noun, key)
            await skip(type(error).__name__)
            return False
        del self._failures[key]
        return is_new
