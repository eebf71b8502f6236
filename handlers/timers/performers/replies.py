"""Sending public answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.delivery import Hold
from domain.effects import Job, SendReply
from domain.messages import Delivery, Message
from domain.outcomes import TARGET_GONE, Done, Failed, Finding, Outcome
from domain.ports import Account, SocialNetwork, UnitOfWork
from handlers.desk import Desk
from handlers.removing import target_gone
from handlers.sending import reply_failed, reply_sent, reply_unsure
from handlers.timers.performers.rooms import expect, since


class ReplySender:
    """Performs `SendReply`."""

    def __init__(self, desk: Desk, network: SocialNetwork, account: Account) -> None:
        self._desk = desk
        self._network = network
        self._account = account

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
            target_gone(uow, message_id=message_id, now=now)

    def unsure(self, uow: UnitOfWork, job: Job, hold: Hold, now: datetime) -> None:
        reply_unsure(uow, message_id=expect(job, SendReply).message_id, reason=hold.reason, now=now)

    async def _message(self, job: Job) -> Message:
        return await self._desk.run(_get_message, expect(job, SendReply).message_id)


def _get_message(uow: UnitOfWork, message_id: int) -> Message:
    return uow.messages.get(message_id)
