"""Answer the customers of a bulk answer, one by one, unless it is stopped."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.cases.messages import CANCELLED
from domain.delivery.effects import Job, SendLinkedAnswer
from domain.delivery.outage_effects import AnswerLinkedCase
from domain.delivery.outcomes import Done, Failed, Outcome
from handlers.context import AppContext
from handlers.delivery.performers.base import LogOutcome, RepeatableEffect, effect_of
from handlers.delivery.performers.public_replies import PublicReplySender
from handlers.outages.bulk_answers import answer_row
from handlers.outages.stopping import is_stopped, take_back_stopped
from storage.unit_of_work import UnitOfWork

#: The code of the failure of an answer whose bulk answer was stopped.
STOPPED = "stopped"


class LinkedCaseAnswerer(RepeatableEffect, LogOutcome):
    """Performs `AnswerLinkedCase`: the answer is queued in the transaction that settles the effect."""

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx

    async def perform(self, job: Job) -> Outcome:
        return Done()

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        answer_row(
            uow,
            row_id=effect_of(job, AnswerLinkedCase).row_id,
            networks=self._ctx.networks,
            rules=self._ctx.rules,
            now=now,
        )


class LinkedAnswerSender(PublicReplySender):
    """Performs `SendLinkedAnswer`, unless its bulk answer was stopped since it was claimed before."""

    async def perform(self, job: Job) -> Outcome:
        message = await self._message(job)
        if await self._desk.run(is_stopped, message=message):
            return Failed(CANCELLED, code=STOPPED)
        return await super().perform(job)

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        if failure.code == STOPPED:
            take_back_stopped(uow, message_id=effect_of(job, SendLinkedAnswer).message_id, now=now)
        else:
            super().on_failed(uow, job, failure, now)
