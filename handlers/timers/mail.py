"""Reading the mailbox: one mail a transaction, and the cursor with it; between two readings the server is listened to."""

import asyncio
import logging
import time
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from domain.mail import Arrival, Bounce, Delivered, Ignored
from domain.sources import Cursor, SourceError
from handlers.mailing import TooSoon, note_mailbox_read, pass_over, take_mail
from handlers.reading import Reader
from handlers.streams import INBOX, keep_account
from handlers.timers.stumbling import Stumbles
from handlers.timers.turns import Turns

log = logging.getLogger(__name__)

#: A mail that comes back at once may be quicker than the server's own word that it has it.
TOO_SOON_TRIES = 10
TOO_SOON_SECONDS = 0.5
#: Of the time between two turns; the rest is for the reading itself.
LISTENING = 0.9


class Mailbox(Protocol):
    """Where mail is read. Raises `SourceError`."""

    async def read(self, place: str | None, read_at: datetime | None) -> Delivered:
        """What came behind the place; where that is `None`, what came since the bot started."""
        ...

    async def wait(self, seconds: float) -> None:
        """Until something may have come, but at most so long."""
        ...


class MailIntake:
    """Reads one mailbox into the desk; `every` is the time between two turns, most of which is spent listening."""

    def __init__(self, *, turns: Turns, mailbox: Mailbox, reader: Reader, every: timedelta) -> None:
        self._turns = turns
        self._mailbox = mailbox
        self._reader = reader
        self._listening = every.total_seconds() * LISTENING
        self._stumbles = Stumbles("mail")
        self._reached = False
        self._is_kept = False

    async def turn(self) -> int:
        """Read what is new, and listen for more until the turn is over; says how many letters were new. Troubles are noted, never raised."""
        ends = time.monotonic() + self._listening
        added = await self.read()
        while self._reached and (left := ends - time.monotonic()) > 0:
            try:
                await self._mailbox.wait(left)
            except SourceError as error:
                log.info("listening to the mailbox ended: %s", error)
                break
            added += await self.read()
        return added

    async def read(self) -> int:
        """Read what is new; says how many letters were. Troubles are noted, never raised."""
        self._reached = False
        return await self._turns.take(INBOX, self._read)

    async def _read(self, cursor: Cursor) -> int:
        await self._keep_account()
        place, added = cursor.since_id, 0
        while True:
            delivered = await self._mailbox.read(place, cursor.read_at)
            for arrival in delivered.arrivals:
                added += await self._take(arrival)
            if delivered.more:
                place = delivered.place
                continue
            await self._turns.desk.run(
                note_mailbox_read,
                account=self._turns.account,
                place=delivered.place,
                added=False,
                reader=self._reader,
                now=self._turns.clock.now(),
            )
            self._reached = True
            return added

    async def _keep_account(self) -> None:
        """Remember our address: it is nobody's to be written to."""
        if not self._is_kept:
            await self._turns.desk.run(keep_account, account=self._turns.account)
            self._is_kept = True

    async def _take(self, arrival: Arrival) -> bool:
        if isinstance(arrival.content, Ignored):
            log.info("a mail makes no case, because %s: %r", arrival.content.why, arrival.content.subject)
        return await self._stumbles.take(
            arrival.place, self._taken(arrival), partial(self._pass_over, arrival)
        )

    async def _pass_over(self, arrival: Arrival, why: str) -> None:
        await self._turns.desk.run(
            pass_over,
            arrival,
            account=self._turns.account,
            reader=self._reader,
            why=why,
            now=self._turns.clock.now(),
        )

    async def _taken(self, arrival: Arrival) -> bool:
        for left in reversed(range(TOO_SOON_TRIES)):
            try:
                return await self._turns.desk.run(
                    take_mail,
                    arrival,
                    account=self._turns.account,
                    reader=self._reader,
                    patient=isinstance(arrival.content, Bounce) and left > 0,
                    now=self._turns.clock.now(),
                )
            except TooSoon:
                await asyncio.sleep(TOO_SOON_SECONDS)
        raise AssertionError("unreachable")
