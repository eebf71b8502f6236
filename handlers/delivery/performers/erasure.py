"""Delete in the team chat what tells of an erased customer."""

from datetime import datetime

from domain.delivery.effects import Job
from domain.delivery.erasure_effects import DeleteMessage, DeleteThreadFiles
from domain.delivery.outcomes import Failed, Outcome
from handlers.cases.alerts import alert, channel_name
from handlers.cases.card_routing import MESSAGE_GONE
from handlers.delivery.performers.base import RepeatableEffect, Unrecorded, effect_of
from storage.unit_of_work import UnitOfWork


class _Deleter(RepeatableEffect, Unrecorded):
    def _alert(self, uow: UnitOfWork, what: str, channel: str, failure: Failed, *, now: datetime) -> None:
        if failure.code == MESSAGE_GONE:
            return
        text = (
            f"In {channel_name(channel)} {what} is to be deleted, but cannot be: {failure.reason}. "
            "Delete it by hand."
        )
        alert(uow, self._ctx.policy, text, dedupe_key=f"not_deleted:{channel}", now=now)


class MessageDeleter(_Deleter):
    """Performs `DeleteMessage`."""

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, DeleteMessage)
        return await self._ctx.team_chat.delete(effect.channel, effect.ts)

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        super().on_failed(uow, job, failure, now)
        self._alert(
            uow, "a message that names a customer", effect_of(job, DeleteMessage).channel, failure, now=now
        )


class ThreadFilesDeleter(_Deleter):
    """Performs `DeleteThreadFiles`."""

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, DeleteThreadFiles)
        return await self._ctx.team_chat.delete_files(effect.channel, thread_ts=effect.ts)

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        super().on_failed(uow, job, failure, now)
        self._alert(uow, "a file of a customer", effect_of(job, DeleteThreadFiles).channel, failure, now=now)
