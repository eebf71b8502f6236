"""Mail notices to the subscribers of the e-mail list, and the links that confirm a subscription."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from adapters.email.smtp import NotTaken, SmtpConnection
from adapters.email.subscriber_mails import SubscriberMails
from domain.clock import Clock
from domain.delivery.effects import Job
from domain.delivery.outage_effects import MailBatch, SendConfirmation
from domain.delivery.outcomes import RECIPIENT_UNREACHABLE, Done, Failed, Later, Outcome, Unknown
from domain.delivery.pacing import Pace
from domain.intake.bounce_reasons import BounceKind, bounce_kind
from domain.outages.subscribers import MAX_MAIL_ATTEMPTS, MailResult, MailState, NoticeMail, choice_in
from handlers.context import AppContext
from handlers.delivery.performers.base import LogOutcome, RepeatableEffect, effect_of
from handlers.desk import Desk
from handlers.outages.dispatches import load_dispatch
from handlers.outages.mailings import (
    Refusal,
    begin_mails,
    next_batch,
    record_batch,
    record_results,
    record_waiting,
    retry_delay,
)
from handlers.outages.subscribers import load_subscriber
from storage.unit_of_work import UnitOfWork

WAVE = 8  # mails that are marked at once, and the most that a crash leaves in doubt
#: Mails a second above which the dialogues of the next wave run beside the marking and sending of this one,
#: over as many connections again.
FAST = 20.0
BATCH_SECONDS = 15.0  # that a batch takes at the set pace
MAX_BATCH = 1000  # mails, which are held in memory
MAX_BATCH_SECONDS = 40.0  # of a slow mail server; well within delivery's limit
WAIT = timedelta(seconds=30)  # before a mail server that takes nothing is tried again

_NOT_SET_UP = "e-mail is not set up here any more"
_PAUSED = "all sending is paused"


def batch_size(mails_per_second: float) -> int:
    """Return how many mails are in a batch."""
    return min(MAX_BATCH, max(WAVE, round(mails_per_second * BATCH_SECONDS)))


def batch_pace(mails_per_second: float) -> Pace:
    """Return the pace of batches: no mailing takes another's share."""
    return Pace(timedelta(seconds=batch_size(mails_per_second) / mails_per_second), burst=1)


class BatchMailer(RepeatableEffect, LogOutcome):
    """Performs `MailBatch`: sends the next mails of a mailing, and queues the batch after it."""

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx

    async def perform(self, job: Job) -> Outcome:
        publication_id = effect_of(job, MailBatch).publication_id
        mailer = self._ctx.email.subscriber_mails if self._ctx.email is not None else None
        if mailer is None:
            return await self._wait(publication_id, _NOT_SET_UP)
        per_second, now = self._ctx.policy.outages.mails_per_second, self._ctx.clock.now()
        batch = await self._ctx.desk.run(
            next_batch,
            publication_id=publication_id,
            limit=batch_size(per_second),
            message_id_of=mailer.message_id_of,
            now=now,
        )
        if not batch.mails:
            wait = batch.next_due - now if batch.next_due is not None else None
            return Done() if wait is None else Later("mails wait for another attempt", wait, counts=False)
        dispatch = await self._ctx.desk.run(load_dispatch, publication_id=publication_id)
        try:
            contents = await asyncio.to_thread(mailer.contents, dispatch.notice, batch.mails, now)
        except ValueError as error:
            return await self._wait(publication_id, f"the mail cannot be made: {error}")
        run = _Run(self._ctx.desk, self._ctx.clock, contents, per_second)
        problem = await run.send(batch.mails, mailer)
        return Done() if problem is None else await self._wait(publication_id, problem)

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        effect = effect_of(job, MailBatch)
        record_batch(uow, publication_id=effect.publication_id, number=effect.number, now=now)

    async def _wait(self, publication_id: int, reason: str) -> Later:
        now = self._ctx.clock.now()
        await self._ctx.desk.run(record_waiting, publication_id=publication_id, reason=reason, now=now)
        return Later(reason, timedelta() if reason == _PAUSED else WAIT, counts=False)


@dataclass(slots=True)
class _Run:
    """Sends one batch. `_results` and `_refusals` are known, and not recorded yet."""

    _desk: Desk
    _clock: Clock
    _contents: Mapping[int, bytes]
    _per_second: float
    _results: list[MailResult] = field(default_factory=list)
    _refusals: list[Refusal] = field(default_factory=list)

    async def send(self, mails: Sequence[NoticeMail], mailer: SubscriberMails) -> str | None:
        """Send the mails; return why no more can be sent now, `None` where all were, or time is up."""
        is_fast = self._per_second > FAST
        connections = mailer.connections(2 * WAVE if is_fast else WAVE)
        waves = [
            dict(zip(mails[first : first + WAVE], connections[first % len(connections) :], strict=False))
            for first in range(0, len(mails), WAVE)
        ]
        clock = asyncio.get_running_loop().time
        start, sent = clock(), 0
        following = asyncio.create_task(_begin(mailer, waves[0]))
        try:
            for wave, after in zip(waves, [*waves[1:], {}], strict=True):
                refused = await following
                if is_fast:
                    following = asyncio.create_task(_begin(mailer, after))
                problem = await self._finish(wave, refused)
                sent += len(wave)
                if problem is not None or sent == len(mails) or clock() - start > MAX_BATCH_SECONDS:
                    return problem
                await asyncio.sleep(start + sent / self._per_second - clock())
                if not is_fast:
                    following = asyncio.create_task(_begin(mailer, after))
            return None
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            await self._record()
            await asyncio.gather(*(connection.quit() for connection in connections))

    async def _finish(
        self, wave: Mapping[NoticeMail, SmtpConnection], refused: Mapping[NoticeMail, NotTaken]
    ) -> str | None:
        """Mark the mails of a wave whose server waits for their content, all at once, and send it."""
        self._refusals = [_refusal(mail, one) for mail, one in refused.items() if not one.concerns_all]
        results, refusals = self._results, self._refusals
        self._results, self._refusals = [], []
        ready = [mail for mail in wave if mail not in refused]
        may_send = await self._desk.run_durably(
            begin_mails,
            mail_ids=[mail.id for mail in ready],
            results=results,
            refusals=refusals,
            now=self._clock.now(),
        )
        for mail in ready:
            if mail.id not in (may_send or ()):
                wave[mail].close()
        if may_send is None:
            return _PAUSED
        marked = [mail for mail in ready if mail.id in may_send]
        outcomes = await asyncio.gather(
            *(wave[mail].finish(self._contents[mail.id], mail.address) for mail in marked)
        )
        now = self._clock.now()
        self._results = [_result(mail, one, now) for mail, one in zip(marked, outcomes, strict=True)]
        return next((_reason(one.outcome) for one in refused.values() if one.concerns_all), None)

    async def _record(self) -> None:
        if self._results or self._refusals:
            await self._desk.run(
                record_results, results=self._results, refusals=self._refusals, now=self._clock.now()
            )


class ConfirmationSender(RepeatableEffect, LogOutcome):
    """Performs `SendConfirmation`."""

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, SendConfirmation)
        mailer = self._ctx.email.subscriber_mails if self._ctx.email is not None else None
        if mailer is None:
            return Failed(_NOT_SET_UP)
        subscriber = await self._ctx.desk.run(load_subscriber, subscriber_id=effect.subscriber_id)
        if not subscriber.may_confirm(effect.nonce, self._ctx.clock.now()):
            return Done()
        asked = choice_in(effect.nonce, ()) or subscriber.asked  # its language is that of the mail
        outcome = await mailer.send_confirmation(replace(subscriber, nonce=effect.nonce, asked=asked))
        # Whether it arrived is not known: it is not sent again, as its reader can ask for another one.
        return Done() if isinstance(outcome, Unknown) else outcome

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        """Do nothing: the subscriber's click is what counts."""


async def _begin(
    mailer: SubscriberMails, wave: Mapping[NoticeMail, SmtpConnection]
) -> dict[NoticeMail, NotTaken]:
    """Run the dialogues of a wave up to the content; return the mails that were not taken."""
    begun = await asyncio.gather(
        *(connection.begin(mail.address, mailer.sender_of(mail)) for mail, connection in wave.items())
    )
    return {mail: one for mail, one in zip(wave, begun, strict=True) if one is not None}


def _refusal(mail: NoticeMail, refused: NotTaken) -> Refusal:
    reason, outcome = _reason(refused.outcome), refused.outcome
    is_recipient = isinstance(outcome, Failed) and outcome.code == RECIPIENT_UNREACHABLE
    return Refusal(
        mail=mail,
        reason=reason,
        may_retry=isinstance(outcome, Later),
        is_address_dead=is_recipient and bounce_kind(reason) is BounceKind.PERMANENT,
    )


def _result(mail: NoticeMail, outcome: Outcome, now: datetime) -> MailResult:
    match outcome:
        case Done():
            return MailResult(mail_id=mail.id, state=MailState.SENT)
        case Unknown(reason):
            return MailResult(mail_id=mail.id, state=MailState.UNSURE, reason=reason)
        case Later(reason) if mail.attempts + 1 >= MAX_MAIL_ATTEMPTS:
            return MailResult(mail_id=mail.id, state=MailState.REFUSED, reason=reason)
        case Later(reason):
            due_at = now + retry_delay(mail.attempts)
            return MailResult(mail_id=mail.id, state=MailState.QUEUED, reason=reason, due_at=due_at)
        case Failed(reason):
            return MailResult(mail_id=mail.id, state=MailState.REFUSED, reason=reason)


def _reason(outcome: Outcome) -> str:
    return "" if isinstance(outcome, Done) else outcome.reason
