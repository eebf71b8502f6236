"""Poll direct messages: fetch their files, ingest each in its own transaction, then move the cursor."""

import asyncio
import logging
from dataclasses import replace
from functools import partial

from domain.cases.files import MAX_FILES
from domain.handoffs.code_answers import CodeWords
from domain.handoffs.opt_out import OptOutWords
from domain.intake.private_messages import IncomingMessage, IncomingPage, PrivateStream
from domain.intake.stream_names import DIRECT_MESSAGES
from domain.intake.streams import Cursor
from handlers.intake.direct_messages import drop_stored, ingest_direct_message, record_direct_messages_read
from handlers.intake.poison import skip_direct_message
from handlers.live_classifier import LiveClassifier
from handlers.timers.poison import PoisonGuard
from handlers.timers.stream_poller import StreamPoller

log = logging.getLogger(__name__)


class DirectMessagePoller:
    """Polls one account's direct messages."""

    def __init__(
        self,
        *,
        poller: StreamPoller,
        inbox: PrivateStream,
        classifier: LiveClassifier,
        opt_out_words: OptOutWords,
        code_words: CodeWords,
    ) -> None:
        self._poller = poller
        self._inbox = inbox
        self._classifier = classifier
        self._opt_out_words = opt_out_words
        self._code_words = code_words
        self._guard = PoisonGuard("direct message")

    async def read(self) -> int:
        """Read and ingest new messages; return how many were new. Records errors, does not raise them."""
        return await self._poller.poll(DIRECT_MESSAGES, self._read)

    async def _read(self, cursor: Cursor) -> int:
        poller = self._poller
        page = await self._inbox.read(poller.account, cursor.since_id)
        if page.skipped:
            log.warning("could not read direct messages %s", ", ".join(page.skipped))
        added = 0
        for message in await poller.desk.run(drop_stored, page.messages):
            added += await self._guard.run(
                message.external_id, self._ingest(message, page), partial(self._skip, message)
            )
        await poller.desk.run(
            record_direct_messages_read,
            stream=poller.stream(DIRECT_MESSAGES),
            page=page,
            added=added,
            policy=poller.policy,
            now=poller.clock.now(),
        )
        return added

    async def _ingest(self, message: IncomingMessage, page: IncomingPage) -> bool:
        attachments = page.attached.get(message.external_id, ())[:MAX_FILES]
        files = [await self._inbox.fetch(attachment) for attachment in attachments]
        classifier = await self._classifier.refresh()
        await asyncio.to_thread(classifier.prepare, [message.text])
        stored = await self._poller.desk.run(
            ingest_direct_message,
            replace(message, files=files),
            classifier=classifier,
            account=self._poller.account,
            opt_out_words=self._opt_out_words,
            code_words=self._code_words,
            now=self._poller.clock.now(),
        )
        return stored is not None

    async def _skip(self, message: IncomingMessage, why: str) -> None:
        poller = self._poller
        await poller.desk.run(
            skip_direct_message,
            message,
            stream=poller.stream(DIRECT_MESSAGES),
            policy=poller.policy,
            why=why,
            now=poller.clock.now(),
        )
