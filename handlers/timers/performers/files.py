"""Customers' files in a case's thread, and marks under what agents write there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.cases import Case
from domain.effects import Job, MarkMessage, ShareFile
from domain.files import File
from domain.outcomes import Done, Failed, Finding, Outcome
from domain.ports import UnitOfWork
from handlers.rerouting import alert
from handlers.timers.performers.rooms import NeverUnsure, QuietEnds, Room, expect, since


class FileSharer(QuietEnds):
    """Performs `ShareFile`. Without a card there is no thread: whoever posts one asks again."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def perform(self, job: Job) -> Outcome:
        case, file = await self._room.desk.run(_both, expect(job, ShareFile).file_id)
        if file.shared_at is not None or case.card_channel is None or case.card_ts is None:
            return Done()
        return await self._room.chat.share_file(case.card_channel, file, thread_ts=case.card_ts)

    async def find(self, job: Job) -> Finding:
        case, file = await self._room.desk.run(_both, expect(job, ShareFile).file_id)
        if file.shared_at is not None or case.card_channel is None or case.card_ts is None:
            return Done()
        return await self._room.chat.find_file(
            case.card_channel, file, thread_ts=case.card_ts, since=since(job)
        )

    def done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        if result:
            uow.files.save(replace(uow.files.get(expect(job, ShareFile).file_id), shared_at=now))

    def failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        super().failed(uow, job, failure, now)
        effect = expect(job, ShareFile)
        text = (
            f"A customer's file cannot be shown in #{effect.channel}: {failure.reason}. The thread names it. "
            "Mend that, and the next ones are shown."
        )
        alert(uow, self._room.policy, text, once=f"share:{effect.channel}", now=now)


class MessageMarker(NeverUnsure, QuietEnds):
    """Performs `MarkMessage`."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def perform(self, job: Job) -> Outcome:
        effect = expect(job, MarkMessage)
        return await self._room.chat.mark(effect.channel, effect.ts, effect.mark)

    def done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        """Nothing follows from it in our books."""


def _both(uow: UnitOfWork, file_id: int) -> tuple[Case, File]:
    file = uow.files.get(file_id)
    return uow.cases.get(file.case_id), file
