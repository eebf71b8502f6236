"""Telling a case's thread what happened."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.slack.thread import render_thread
from domain.effects import Job, PostThread
from domain.outcomes import Done, Failed, Finding, Outcome
from domain.ports import UnitOfWork
from handlers.rerouting import card_gone
from handlers.timers.performers.rooms import QuietEnds, Room, expect, since
from handlers.viewing import get_case, view_thread


class ThreadPoster(QuietEnds):
    """Performs `PostThread`: one message tells all that is untold. What it told travels with it as its mark."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def perform(self, job: Job) -> Outcome:
        view = await self._room.desk.run(view_thread, case_id=expect(job, PostThread).case_id)
        case = view.case
        if case.card_channel is None or case.card_ts is None:
            return Done()
        part = render_thread(view, brand=self._room.account.handle)
        mark = {"seen": part.seen, "more": int(part.more)}
        if part.content is None:
            return Done(mark)
        return await self._room.chat.post(
            case.card_channel, part.content, token=job.token, thread_ts=case.card_ts, mark=mark
        )

    async def find(self, job: Job) -> Finding:
        case = await self._room.desk.run(get_case, case_id=expect(job, PostThread).case_id)
        channel = case.card_channel or case.channel
        return await self._room.chat.find(channel, token=job.token, since=since(job), thread_ts=case.card_ts)

    def done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        if "seen" not in result:
            return
        effect = expect(job, PostThread)
        uow.cases.note_thread(effect.case_id, seen=int(result["seen"]))
        if result.get("more"):
            uow.outbox.add([effect], now=now)

    def failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        super().failed(uow, job, failure, now)
        card_gone(uow, self._room.policy, expect(job, PostThread).case_id, failure, now=now)
