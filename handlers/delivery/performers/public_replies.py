"""Send public replies and look up their links."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.cases.messages import Delivery, Message
from domain.delivery.decisions import MarkUnsure, Postpone
from domain.delivery.effects import Job, LinkReply, SendPublicReply
from domain.delivery.outcomes import TARGET_GONE, Absent, Done, Failed, Finding, Later, Outcome, check_delay
from domain.intake.redaction import is_post
from domain.networks import Networks
from domain.surge.spending import Act
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.context import AppContext
from handlers.delivery.performers.base import LogOutcome, RepeatableEffect, effect_of, search_since
from handlers.intake.redaction import redact_reply_target
from handlers.replies.results import record_failed, record_link, record_resent, record_sent, record_unsure
from handlers.replies.waiting import show_wait
from handlers.surge.spending import record_spent
from storage.unit_of_work import UnitOfWork


def not_connected(networks: Networks, name: str) -> str:
    """Format the failure reason for a network that is no longer configured."""
    return f"{networks.profile(name).label} is no longer set up here"


class PublicReplySender:
    """Performs `SendPublicReply`."""

    def __init__(self, ctx: AppContext) -> None:
        self._desk = ctx.desk
        self._networks = ctx.networks
        self._policy = ctx.policy

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, SendPublicReply)
        message, unnotified = await self._desk.run(_get_reply, effect.message_id)
        if message.delivery is Delivery.SENT:
            return Done({"id": message.external_id, "url": message.url})
        connected = self._networks.get(effect.network)
        if connected is None:
            return Failed(not_connected(self._networks, effect.network))
        return await connected.client.reply(message.text, str(message.reply_to_id), unnotified=unnotified)

    async def find(self, job: Job) -> Finding:
        effect = effect_of(job, SendPublicReply)
        connected = self._networks.get(effect.network)
        if connected is None:
            return Later(not_connected(self._networks, effect.network))
        message = await self._message(job)
        return await connected.client.find_reply(
            connected.account, message.text, str(message.reply_to_id), search_since(job)
        )

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        effect = effect_of(job, SendPublicReply)
        record_sent(uow, message_id=effect.message_id, result=result, now=now)
        profile = self._networks.profile(effect.network)
        if cost := profile.price(uow.messages.get(effect.message_id).text):
            record_spent(uow, policy=self._policy, profile=profile, act=Act.REPLIES, cost=cost, now=now)

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        message_id = effect_of(job, SendPublicReply).message_id
        record_failed(uow, message_id=message_id, reason=failure.reason, now=now)
        if failure.code == TARGET_GONE:
            redact_reply_target(uow, message_id=message_id, policy=self._policy, now=now)

    def on_unsure(self, uow: UnitOfWork, job: Job, decision: MarkUnsure, now: datetime) -> None:
        record_unsure(
            uow, message_id=effect_of(job, SendPublicReply).message_id, reason=decision.reason, now=now
        )

    def on_retry(self, uow: UnitOfWork, job: Job, now: datetime) -> None:
        record_resent(uow, message_id=effect_of(job, SendPublicReply).message_id, now=now)

    def on_postponed(self, uow: UnitOfWork, job: Job, decision: Postpone, now: datetime) -> None:
        show_wait(uow, job.effect, is_destination_paused=decision.pause, now=now)

    async def _message(self, job: Job) -> Message:
        return await self._desk.run(_get_message, effect_of(job, SendPublicReply).message_id)


class ReplyLinker(RepeatableEffect, LogOutcome):
    """Performs `LinkReply`. Retries, because networks list a new post late."""

    def __init__(self, ctx: AppContext) -> None:
        self._desk = ctx.desk
        self._networks = ctx.networks

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, LinkReply)
        connected = self._networks.get(effect.network)
        message = await self._desk.run(_get_message, effect.message_id)
        if message.external_id is not None or connected is None:
            return Done()
        found = await connected.client.find_reply(
            connected.account, message.text, str(message.reply_to_id), message.created_at
        )
        if isinstance(found, Absent):
            return Later("the network does not list the reply", wait=check_delay(job.attempts))
        return found

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        record_link(uow, message_id=effect_of(job, LinkReply).message_id, result=result, now=now)


def _get_reply(uow: UnitOfWork, message_id: int) -> tuple[Message, list[str]]:
    """Return our reply, and whom it does not notify: all but the author of the post that it answers."""
    reply = uow.messages.get(message_id)
    messages = uow.messages.of_case(reply.case_id, limit=MAX_CASE_MESSAGES)
    answered = next((one for one in messages if is_post(one, reply.reply_to_id)), None)
    return reply, [person.id for person in answered.context.named] if answered is not None else []


def _get_message(uow: UnitOfWork, message_id: int) -> Message:
    return uow.messages.get(message_id)
