"""Poll the mailbox: ingest each mail and its cursor in one transaction; wait for new mail between polls."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from domain.intake.email import Bounce, IgnoredEmail, MailboxPage, ReceivedEmail, Unsubscription
from domain.intake.private_messages import IncomingMessage
from domain.intake.quoted_text import words_beside_known
from domain.intake.sender_limit import SenderLimit, sender_of
from domain.intake.stream_names import INBOX
from domain.intake.streams import Cursor, SourceError
from handlers.delivery.bounces import NotSentYet, ingest_bounce, ingest_unsubscription
from handlers.intake.deferred_mails import (
    defer_email,
    drop_deferred,
    ingest_deferred,
    senders_who_wait,
    waiting_mails,
)
from handlers.intake.email import begin_mailbox, ingest_email, record_mailbox_read, said_before
from handlers.intake.poison import skip_email
from handlers.live_classifier import LiveClassifier
from handlers.timers.poison import PoisonGuard
from handlers.timers.stream_poller import StreamPoller
from storage.deferred_mails import DeferredMail

#: Takes one mail into a case; see `handlers.intake.email.ingest_email`.
Store = Callable[..., bool]

log = logging.getLogger(__name__)

#: A bounce may arrive before the SMTP server's acceptance of the mail is stored: retry until that is.
BOUNCE_ATTEMPTS = 10
BOUNCE_RETRY_SECONDS = 0.5
#: The share of the poll interval that is spent waiting for new mail; the rest is left for reading it.
WAITING_SHARE = 0.9
#: Mails of one sender that are taken in a minute.
PER_MINUTE = 20


class EmailSource(Protocol):
    """A mailbox to read mail from. Its methods raise `SourceError`."""

    async def read(self, position: str | None, read_at: datetime | None) -> MailboxPage:
        """Read the mail after the cursor `position`; if that is `None`, the mail since the bot started.

        `read_at` is when the mailbox was last read, or when the bot started first if it never was.
        """
        ...

    async def fetch(self, position: str) -> ReceivedEmail | None:
        """Fetch the mail at `position`; `None` where it is no longer there."""
        ...

    async def wait(self, seconds: float) -> None:
        """Wait until new mail may have arrived (IMAP IDLE), at most `seconds`."""
        ...


class EmailPoller:
    """Polls one mailbox. `every` is the poll interval, most of which is spent waiting for new mail.

    Of one sender `per_minute` mails are taken in a minute; the rest waits in the mailbox.
    """

    def __init__(
        self,
        *,
        poller: StreamPoller,
        mailbox: EmailSource,
        classifier: LiveClassifier,
        every: timedelta,
        per_minute: int = PER_MINUTE,
    ) -> None:
        self._poller = poller
        self._mailbox = mailbox
        self._classifier = classifier
        self._waiting_seconds = every.total_seconds() * WAITING_SHARE
        self._guard = PoisonGuard("mail")
        self._per_minute = per_minute
        self._limit = SenderLimit(per_minute)
        self._who_wait: frozenset[str] = frozenset()
        self._has_read_all = False
        self._made_at = poller.clock.now()
        self._has_begun = False

    async def read_and_wait(self) -> int:
        """Read new mail, then wait for more and read it, for `WAITING_SHARE` of the poll interval.

        Returns how many mails were new. Records errors, does not raise them; any error ends the waiting.
        """
        deadline = time.monotonic() + self._waiting_seconds
        added = await self.read()
        while self._has_read_all and (left := deadline - time.monotonic()) > 0:
            try:
                await self._mailbox.wait(left)
            except SourceError as error:
                log.info("listening to the mailbox ended: %s", error)
                break
            added += await self.read()
        return added

    async def read(self) -> int:
        """Read and ingest new mail; return how many mails were new. Records errors, does not raise them."""
        self._has_read_all = False
        return await self._poller.poll(INBOX, self._read)

    async def _read(self, cursor: Cursor) -> int:
        await self._begin_once()
        position, added = cursor.since_id, await self._read_deferred()
        while True:
            delivered = await self._mailbox.read(position, cursor.read_at)
            for received in delivered.mails:
                added += await self._ingest_guarded(received)
            if delivered.more:
                position = delivered.position
                continue
            await self._poller.desk.run(
                record_mailbox_read,
                account=self._poller.account,
                position=delivered.position,
                added=False,
                policy=self._poller.policy,
                now=self._poller.clock.now(),
            )
            self._has_read_all = True
            return added

    async def _begin_once(self) -> None:
        """Store our address, so that it is refused as the address of a customer, and since when we read."""
        if not self._has_begun:
            await self._poller.desk.run(begin_mailbox, account=self._poller.account, at=self._made_at)
            self._has_begun = True

    async def _ingest_guarded(self, received: ReceivedEmail) -> bool:
        if isinstance(received.content, IgnoredEmail):
            log.info("a mail makes no case, because %s: %r", received.content.why, received.content.subject)
        sender = sender_of(received.content)
        if sender is not None and (
            sender in self._who_wait or not self._limit.takes(sender, time.monotonic())
        ):
            await self._defer(DeferredMail(received.position, sender))
            return False
        return await self._guard.run(received.position, self._ingest(received), partial(self._skip, received))

    async def _defer(self, mail: DeferredMail) -> None:
        self._who_wait |= {mail.sender}
        await self._poller.desk.run(
            defer_email,
            mail,
            account=self._poller.account,
            per_minute=self._per_minute,
            policy=self._poller.policy,
            now=self._poller.clock.now(),
        )

    async def _read_deferred(self) -> int:
        """Ingest what has waited, as far as the limit of each sender allows; return how many were new."""
        desk, account, added = self._poller.desk, self._poller.account, 0
        while waiting := [
            mail
            for mail in await desk.run(waiting_mails, account=account)
            if self._limit.takes(mail.sender, time.monotonic())
        ]:
            for mail in waiting:
                received = await self._mailbox.fetch(mail.position)
                if received is None:
                    await self._drop_deferred(mail, "it is no longer where it was")
                else:
                    ingest = self._ingest(received, ingest_deferred)
                    skip = partial(self._drop_deferred, mail)
                    added += await self._guard.run(mail.position, ingest, skip)
        self._who_wait = await desk.run(senders_who_wait, account=account)
        return added

    async def _drop_deferred(self, mail: DeferredMail, why: str) -> None:
        await self._poller.desk.run(
            drop_deferred,
            mail,
            account=self._poller.account,
            why=why,
            policy=self._poller.policy,
            now=self._poller.clock.now(),
        )

    async def _skip(self, received: ReceivedEmail, why: str) -> None:
        await self._poller.desk.run(
            skip_email,
            received,
            account=self._poller.account,
            policy=self._poller.policy,
            why=why,
            now=self._poller.clock.now(),
        )

    async def _ingest(self, received: ReceivedEmail, store: Store = ingest_email) -> bool:
        if isinstance(received.content, Bounce):
            await self._ingest_bounce(received.content, received.position)
            return False
        if isinstance(received.content, Unsubscription):
            await self._unsubscribe(received.content, received.position)
            return False
        classifier = await self._classifier.refresh()
        if isinstance(received.content, IncomingMessage):
            mail = await self._beside_earlier(received.content)
            await asyncio.to_thread(classifier.prepare, [mail.text])
            received = replace(received, content=mail)
        return await self._poller.desk.run(
            store,
            received,
            account=self._poller.account,
            classifier=classifier,
            now=self._poller.clock.now(),
        )

    async def _beside_earlier(self, mail: IncomingMessage) -> IncomingMessage:
        """Return the mail with what is new in it, beside what was said in its case before."""
        if mail.mail is None:
            return mail
        said = await self._poller.desk.run(
            said_before, mail, policy=self._poller.policy, now=self._poller.clock.now()
        )
        # The mail may be long: neither the event loop nor the storage's thread reads it.
        new = await asyncio.to_thread(words_beside_known, mail.mail, said) if said else None
        return replace(mail, text=new) if new else mail

    async def _unsubscribe(self, asked: Unsubscription, position: str) -> None:
        await self._poller.desk.run(
            ingest_unsubscription,
            asked,
            account=self._poller.account,
            position=position,
            policy=self._poller.policy,
            now=self._poller.clock.now(),
        )

    async def _ingest_bounce(self, bounce: Bounce, position: str) -> None:
        for attempts_left in reversed(range(BOUNCE_ATTEMPTS)):
            try:
                return await self._poller.desk.run(
                    ingest_bounce,
                    bounce,
                    account=self._poller.account,
                    position=position,
                    wait_for_sent=attempts_left > 0,
                    policy=self._poller.policy,
                    now=self._poller.clock.now(),
                )
            except NotSentYet:
                await asyncio.sleep(BOUNCE_RETRY_SECONDS)
        raise AssertionError("unreachable")
