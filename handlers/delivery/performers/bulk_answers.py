"""Answer the customers of a bulk answer, one by one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.delivery.effects import Job
from domain.delivery.outage_effects import AnswerLinkedCase
from domain.delivery.outcomes import Done, Outcome
from handlers.context import AppContext
from handlers.delivery.performers.base import LogOutcome, RepeatableEffect, effect_of
from handlers.outages.bulk_answers import answer_row
from storage.unit_of_work import UnitOfWork


class LinkedCaseAnswerer(RepeatableEffect, LogOutcome):
    """Performs `AnswerLinkedCase`: the answer is queued in the transaction that settles the effect."""

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx

    async def perform(self, job: Job) -> Outcome:  # noqa: ARG002 - nothing outside is asked
        return Done()

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:  # noqa: ARG002
        answer_row(
            uow,
            row_id=effect_of(job, AnswerLinkedCase).row_id,
            networks=self._ctx.networks,
            rules=self._ctx.rules,
            now=now,
        )
