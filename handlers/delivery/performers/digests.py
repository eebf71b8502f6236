"""Post digests, with their chart."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.delivery.effects import Alert, Job
from domain.delivery.outcomes import Done, Failed, Finding, Outcome
from domain.delivery.report_effects import PostDigest
from handlers.context import AppContext
from handlers.delivery.performers.base import LogOutcome, effect_of, search_since
from handlers.digest_messages import digest_message
from handlers.reports.digests import get_digest, record_posted_digest
from storage.unit_of_work import UnitOfWork


class DigestPoster(LogOutcome):
    """Performs `PostDigest`."""

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx

    async def perform(self, job: Job) -> Outcome:
        digest = await self._ctx.desk.run(get_digest, digest_id=effect_of(job, PostDigest).digest_id)
        if digest.posted_ts is not None:
            return Done({"channel": digest.channel, "ts": digest.posted_ts})
        content = await digest_message(
            self._ctx, period=digest.period, filters=digest.filters, cadence=digest.cadence, digest=digest
        )
        return await self._ctx.post(digest.channel, content, token=job.token)

    async def find(self, job: Job) -> Finding:
        effect = effect_of(job, PostDigest)
        return await self._ctx.team_chat.find(effect.channel, token=job.token, since=search_since(job))

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        record_posted_digest(uow, digest_id=effect_of(job, PostDigest).digest_id, ts=str(result["ts"]))

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        """Alert on-call: nobody notices a digest that is missing."""
        super().on_failed(uow, job, failure, now)
        effect, alert_channel = effect_of(job, PostDigest), self._ctx.policy.alert_channel
        text = f"A digest could not be posted in {effect.channel}: {failure.reason}"
        alert = Alert(text=text, dedupe_key=f"digest:{effect.digest_id}", channel=alert_channel)
        uow.outbox.add([alert], now=now)
