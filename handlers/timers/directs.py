"""Reading direct messages: each with its files, one transaction a message, and the cursor after the last."""

import logging
from dataclasses import replace
from functools import partial

from domain.files import MOST
from domain.opting import OptOutWords
from domain.ports import PrivateStream
from domain.private import Heard, HeardPage
from domain.sources import Cursor
from handlers.direct import note_directs_read, take_direct, unheard
from handlers.passing import pass_over_direct
from handlers.reading import Reader
from handlers.streams import DIRECT
from handlers.timers.stumbling import Stumbles
from handlers.timers.turns import Turns

log = logging.getLogger(__name__)


class DirectIntake:
    """Reads one account's direct messages into the desk."""

    def __init__(self, *, turns: Turns, inbox: PrivateStream, reader: Reader, words: OptOutWords) -> None:
        self._turns = turns
        self._inbox = inbox
        self._reader = reader
        self._words = words
        self._stumbles = Stumbles("direct message")

    async def read(self) -> int:
        """Read what is new; says how many messages were. Troubles are noted, never raised."""
        return await self._turns.take(DIRECT, self._read)

    async def _read(self, cursor: Cursor) -> int:
        turns = self._turns
        page = await self._inbox.read(turns.account, cursor.since_id)
        if page.skipped:
            log.warning("could not read direct messages %s", ", ".join(page.skipped))
        added = 0
        for heard in await turns.desk.run(unheard, page.heard):
            added += await self._stumbles.take(
                heard.external_id, self._take(heard, page), partial(self._pass_over, heard)
            )
        await turns.desk.run(
            note_directs_read,
            account=turns.account,
            page=page,
            added=added,
            policy=turns.policy,
            now=turns.clock.now(),
        )
        return added

    async def _take(self, heard: Heard, page: HeardPage) -> bool:
        attached = page.attached.get(heard.external_id, ())[:MOST]
        files = [await self._inbox.fetch(attachment) for attachment in attached]
        message = await self._turns.desk.run(
            take_direct,
            replace(heard, files=files),
            reader=self._reader,
            account=self._turns.account,
            words=self._words,
            now=self._turns.clock.now(),
        )
        return message is not None

    async def _pass_over(self, heard: Heard, why: str) -> None:
        turns = self._turns
        await turns.desk.run(
            pass_over_direct,
            heard,
            account=turns.account,
            policy=turns.policy,
            why=why,
            now=turns.clock.now(),
        )
