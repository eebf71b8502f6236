"""Sending public answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.delivery import Hold
from domain.effects import Job, LinkReply, SendReply
from domain.messages import Delivery, Message
from domain.outcomes import TARGET_GONE, Absent, Done, Failed, Finding, Later, Outcome, check_wait
from domain.ports import UnitOfWork
from handlers.removing import target_gone
from handlers.sending import link_reply, reply_failed, reply_sent, reply_sent_again, reply_unsure
from handlers.timers.performers.rooms import NeverUnsure, QuietEnds, Room, expect, since


class ReplySender:
    """Performs `SendReply`."""

    def __init__(self, room: Room) -> None:
        self._desk = room.desk
        self._network = room.network
        self._account = room.account
        self._policy = room.policy

    async def perform(self, job: Job) -> Outcome:
        message = await self._message(job)
        if message.delivery is Delivery.SENT:
            return Done({"id": message.external_id, "url": message.url})
        return await self._network.reply(message.text, str(message.reply_to_id))

    async def find(self, job: Job) -> Finding:
        message = await self._message(job)
        return await self._network.find_reply(
            self._account, message.text, str(message.reply_to_id), since(job)
        )

    def done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        reply_sent(uow, message_id=expect(job, SendReply).message_id, result=result, now=now)

    def failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        message_id = expect(job, SendReply).message_id
        reply_failed(uow, message_id=message_id, reason=failure.reason, now=now)
        if failure.code == TARGET_GONE:
            target_gone(uow, message_id=message_id, policy=self._policy, now=now)

    def unsure(self, uow: UnitOfWork, job: Job, hold: Hold, now: datetime) -> None:
        reply_unsure(uow, message_id=expect(job, SendReply).message_id, reason=hold.reason, now=now)

    def again(self, uow: UnitOfWork, job: Job, now: datetime) -> None:
        reply_sent_again(uow, message_id=expect(job, SendReply).message_id, now=now)

    async def _message(self, job: Job) -> Message:
        return await self._desk.run(_get_message, expect(job, SendReply).message_id)


class ReplyLinker(NeverUnsure, QuietEnds):
    """Performs `LinkReply`. Networks list a post late, so it looks several times."""

    def __init__(self, room: Room) -> None:
        self._desk = room.desk
        self._network = room.network
        self._account = room.account

    async def perform(self, job: Job) -> Outcome:
        message = await self._desk.run(_get_message, expect(job, LinkReply).message_id)
        if message.external_id is not None:
            return Done()
        found = await self._network.find_reply(
            self._account, message.text, str(message.reply_to_id), message.created_at
        )
        if isinstance(found, Absent):
            return Later("the network does not list the reply", wait=check_wait(job.attempts))
        return found

    def done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        link_reply(uow, message_id=expect(job, LinkReply).message_id, result=result, now=now)


def _get_message(uow: UnitOfWork, message_id: int) -> Message:
    return uow.messages.get(message_id)
