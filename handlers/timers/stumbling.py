"""What the desk stumbles over each time is passed over at the third, so that those behind it are read."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable

from domain.sources import SourceError

log = logging.getLogger(__name__)

#: How often a message is tried that the desk stumbles over, before those behind it go on.
TRIES = 3


class Stumbles:
    """How often the desk stumbled over each message of one stream; `what` is what those are called."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._counted: Counter[str] = Counter()

    async def take(
        self, key: str, taking: Awaitable[bool], pass_over: Callable[[str], Awaitable[None]]
    ) -> bool:
        """Take the message that `key` tells from others; says whether it was new.

        What goes wrong is raised, so that the reading comes back to it; the third time the message is passed over, with why. Where only the other
        side cannot be reached, nothing is wrong with the message, and it is not counted.
        """
        try:
            is_new = await taking
        except SourceError:
            raise
        except Exception as error:
            self._counted[key] += 1
            if self._counted[key] < TRIES:
                raise
            log.exception("%s %s could not be stored, and is passed over", self._what, key)
            await pass_over(type(error).__name__)
            return False
        del self._counted[key]
        return is_new
