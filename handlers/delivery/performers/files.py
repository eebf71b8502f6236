"""Share customers' files in a case's thread, and add reactions to thread messages."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.cases.case import Case
from domain.cases.files import File
from domain.delivery.effects import Job
from domain.delivery.outcomes import Done, Failed, Finding, Outcome
from domain.delivery.thread_effects import AddReaction, ShareFile
from handlers.cases.alerts import alert
from handlers.context import AppContext
from handlers.delivery.performers.base import (
    LogOutcome,
    RepeatableEffect,
    Unrecorded,
    effect_of,
    search_since,
)
from handlers.records.contact_data import are_files_shown
from storage.unit_of_work import UnitOfWork


class FileSharer(LogOutcome):
    """Performs `ShareFile`.

    Does nothing without a card: posting the card enqueues its unshared files again. Where contact data is
    masked, only files are shared that somebody asked to see.
    """

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx

    async def perform(self, job: Job) -> Outcome:
        case, file = await self._ctx.desk.run(_load_case_and_file, effect_of(job, ShareFile).file_id)
        if not await self._is_to_share(case, file) or case.card_channel is None or case.card_ts is None:
            return Done()
        return await self._ctx.team_chat.share_file(case.card_channel, file, thread_ts=case.card_ts)

    async def find(self, job: Job) -> Finding:
        case, file = await self._ctx.desk.run(_load_case_and_file, effect_of(job, ShareFile).file_id)
        if not await self._is_to_share(case, file) or case.card_channel is None or case.card_ts is None:
            return Done()
        return await self._ctx.team_chat.find_file(
            case.card_channel, file, thread_ts=case.card_ts, since=search_since(job)
        )

    async def _is_to_share(self, case: Case, file: File) -> bool:
        """Return whether the thread does not show the file yet and may show it."""
        if file.shared_at is not None or not self._ctx.policy.masks_contacts:
            return file.shared_at is None
        return await self._ctx.desk.run(are_files_shown, case.id, file.created_at)

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        if result:
            uow.files.save(replace(uow.files.get(effect_of(job, ShareFile).file_id), shared_at=now))

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        super().on_failed(uow, job, failure, now)
        effect = effect_of(job, ShareFile)
        text = (
            f"A customer's file cannot be shown in #{effect.channel}: {failure.reason}. The thread names it. "
            "Mend that, and the next ones are shown."
        )
        alert(uow, self._ctx.policy, text, dedupe_key=f"share:{effect.channel}", now=now)


class ReactionAdder(RepeatableEffect, Unrecorded):
    """Performs `AddReaction`."""

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, AddReaction)
        return await self._ctx.team_chat.add_reaction(effect.channel, effect.ts, effect.mark)


def _load_case_and_file(uow: UnitOfWork, file_id: int) -> tuple[Case, File]:
    file = uow.files.get(file_id)
    return uow.cases.get(file.case_id), file
