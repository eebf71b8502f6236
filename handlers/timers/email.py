"""Reading the mailbox: one mail a transaction, and the cursor with it; between two readings the server is listened to."""

import asyncio
import logging
import time
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from domain.intake.email import Arrival, Bounce, Delivered, Ignored
from domain.intake.sources import Cursor, SourceError
from handlers.delivery.bounces import NotSentYet, ingest_bounce
from handlers.intake.email import ingest_email, record_mailbox_read
from handlers.intake.poison import skip_email
from handlers.intake.stream_health import INBOX, keep_account
from handlers.timers.poison import PoisonGuard
from handlers.timers.stream_poller import StreamPoller
from handlers.triage.classify import Classifier

log = logging.getLogger(__name__)

#: A mail that comes back at once may be quicker than the server's own word that it has it.
NOT_SENT_YET_TRIES = 10
NOT_SENT_YET_SECONDS = 0.5
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


class EmailPoller:
    """Reads one mailbox into the desk; `every` is the time between two turns, most of which is spent listening."""

    def __init__(
        self, *, poller: StreamPoller, mailbox: Mailbox, classifier: Classifier, every: timedelta
    ) -> None:
        self._poller = poller
        self._mailbox = mailbox
        self._classifier = classifier
        self._listening = every.total_seconds() * LISTENING
        self._guard = PoisonGuard("mail")
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
        return await self._poller.poll(INBOX, self._read)

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
            await self._poller.desk.run(
                record_mailbox_read,
                account=self._poller.account,
                place=delivered.place,
                added=False,
                policy=self._classifier.policy,
                now=self._poller.clock.now(),
            )
            self._reached = True
            return added

    async def _keep_account(self) -> None:
        """Remember our address: it is nobody's to be written to."""
        if not self._is_kept:
            await self._poller.desk.run(keep_account, account=self._poller.account)
            self._is_kept = True

    async def _take(self, arrival: Arrival) -> bool:
        if isinstance(arrival.content, Ignored):
            log.info("a mail makes no case, because %s: %r", arrival.content.why, arrival.content.subject)
        return await self._guard.run(arrival.place, self._ingest(arrival), partial(self._skip, arrival))

    async def _skip(self, arrival: Arrival, why: str) -> None:
        await self._poller.desk.run(
            skip_email,
            arrival,
            account=self._poller.account,
            policy=self._classifier.policy,
            why=why,
            now=self._poller.clock.now(),
        )

    async def _ingest(self, arrival: Arrival) -> bool:
        if isinstance(arrival.content, Bounce):
            await self._ingest_bounce(arrival.content, arrival.place)
            return False
        return await self._poller.desk.run(
            ingest_email,
            arrival,
            account=self._poller.account,
            classifier=self._classifier,
            now=self._poller.clock.now(),
        )

    async def _ingest_bounce(self, bounce: Bounce, place: str) -> None:
        for left in reversed(range(NOT_SENT_YET_TRIES)):
            try:
                return await self._poller.desk.run(
                    ingest_bounce,
                    bounce,
                    account=self._poller.account,
                    place=place,
                    wait_for_sent=left > 0,
                    policy=self._classifier.policy,
                    now=self._poller.clock.now(),
                )
            except NotSentYet:
                await asyncio.sleep(NOT_SENT_YET_SECONDS)
        raise AssertionError("unreachable")
