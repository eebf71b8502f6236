"""Reading direct messages: each with its files, one transaction a message, and the cursor after the last."""

import logging
from dataclasses import replace
from functools import partial

from domain.cases.files import MOST
from domain.handoffs.opt_out import OptOutWords
from domain.intake.private_messages import IncomingMessage, IncomingPage, PrivateStream
from domain.intake.sources import Cursor
from handlers.intake.direct_messages import ingest_direct_message, not_stored, record_direct_messages_read
from handlers.intake.poison import skip_direct_message
from handlers.intake.stream_health import DIRECT
from handlers.timers.poison import PoisonGuard
from handlers.timers.stream_poller import StreamPoller
from handlers.triage.classify import Classifier

log = logging.getLogger(__name__)


class DirectMessagePoller:
    """Reads one account's direct messages into the desk."""

    def __init__(
        self, *, poller: StreamPoller, inbox: PrivateStream, classifier: Classifier, words: OptOutWords
    ) -> None:
        self._poller = poller
        self._inbox = inbox
        self._classifier = classifier
        self._words = words
        self._guard = PoisonGuard("direct message")

    async def read(self) -> int:
        """Read what is new; says how many messages were. Troubles are noted, never raised."""
        return await self._poller.poll(DIRECT, self._read)

    async def _read(self, cursor: Cursor) -> int:
        poller = self._poller
        page = await self._inbox.read(poller.account, cursor.since_id)
        if page.skipped:
            log.warning("could not read direct messages %s", ", ".join(page.skipped))
        added = 0
        for heard in await poller.desk.run(not_stored, page.heard):
            added += await self._guard.run(
                heard.external_id, self._take(heard, page), partial(self._skip, heard)
            )
        await poller.desk.run(
            record_direct_messages_read,
            account=poller.account,
            page=page,
            added=added,
            policy=poller.policy,
            now=poller.clock.now(),
        )
        return added

    async def _take(self, heard: IncomingMessage, page: IncomingPage) -> bool:
        attached = page.attached.get(heard.external_id, ())[:MOST]
        files = [await self._inbox.fetch(attachment) for attachment in attached]
        message = await self._poller.desk.run(
            ingest_direct_message,
            replace(heard, files=files),
            classifier=self._classifier,
            account=self._poller.account,
            words=self._words,
            now=self._poller.clock.now(),
        )
        return message is not None

    async def _skip(self, heard: IncomingMessage, why: str) -> None:
        poller = self._poller
        await poller.desk.run(
            skip_direct_message,
            heard,
            account=poller.account,
            policy=poller.policy,
            why=why,
            now=poller.clock.now(),
        )
