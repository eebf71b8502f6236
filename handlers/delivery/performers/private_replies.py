"""Send private replies by direct message, e-mail or live chat."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.slack.handoffs.venue_names import full_name
from adapters.slack.refusal_texts import refusal_text
from domain.cases.files import File
from domain.cases.messages import Delivery, Message
from domain.delivery.decisions import MarkUnsure, Postpone
from domain.delivery.effects import Job, SendPrivateReply
from domain.delivery.outcomes import RECIPIENT_UNREACHABLE, Done, Failed, Finding, Later, Outcome, Unknown
from domain.errors import DeskError
from domain.handoffs.code_answers import is_code_answer
from domain.replies.outgoing_message import OutgoingMessage, PrivateVenue
from domain.surge.spending import Act
from domain.venues import Venue
from handlers.context import AppContext
from handlers.delivery.performers.base import effect_of, search_since
from handlers.handoffs.code_answers import record_code_answer_failed, record_code_answer_sent
from handlers.replies.private import load_outgoing, load_outgoing_to_send
from handlers.replies.results import record_failed, record_resent, record_sent, record_unsure
from handlers.replies.waiting import show_wait
from handlers.surge.spending import meter
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)


class ChatPage:
    """`PrivateVenue` for live chat.

    The page shows a message once it and its files are stored and it is marked as sent.
    """

    def id_of(self, outgoing: OutgoingMessage) -> None:
        """Return `None`: there is no other system that needs an id."""

    async def send(self, outgoing: OutgoingMessage) -> Outcome:
        """Return `Done`: there is nothing to send."""
        return Done()

    async def find(self, outgoing: OutgoingMessage, since: datetime) -> Finding:
        """Return `Done`. Not called: `PrivateReplySender.find` repeats a chat message instead."""
        return Done()


class PrivateReplySender:
    """Performs `SendPrivateReply` at every private venue.

    Messages are signed with the agent's name from the directory.
    """

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx
        self._desk = ctx.desk
        self._venues: Mapping[Venue, PrivateVenue] = {Venue.CHAT: ChatPage()} | (
            {Venue.EMAIL: ctx.email} if ctx.email is not None else {}
        )

    def _venue_of(self, effect: SendPrivateReply, network: str) -> PrivateVenue | None:
        """Return the adapter that sends it; for a direct message, that of the case's network."""
        if effect.venue != Venue.DM:
            return self._venues.get(Venue(effect.venue))
        connected = self._ctx.networks.get(network)
        return connected.direct if connected is not None else None

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, SendPrivateReply)
        try:
            outgoing = await self._with_agent_name(
                await self._desk.run(load_outgoing_to_send, message_id=effect.message_id)
            )
            venue = self._venue_of(effect, outgoing.case.network)
            if venue is None:
                return Failed(_not_set_up(effect))
            outgoing = await self._with_files_and_id(outgoing, venue)
        except DeskError as error:
            return Failed(refusal_text(error))
        except Exception as error:
            log.exception("%s could not be made ready", effect.key)
            return Later(f"it could not be made ready ({type(error).__name__}); the log holds the details")
        if outgoing.message.delivery is Delivery.SENT:
            return Done({"id": outgoing.message.external_id})
        return await venue.send(outgoing)

    async def find(self, job: Job) -> Finding:
        effect = effect_of(job, SendPrivateReply)
        if effect.venue == Venue.CHAT:
            # No other system is involved, so that repeating it is safe.
            outcome = await self.perform(job)
            return Later(outcome.reason) if isinstance(outcome, Unknown) else outcome
        outgoing = await self._desk.run(load_outgoing, message_id=effect.message_id)
        venue = self._venue_of(effect, outgoing.case.network)
        if venue is None:
            return Later(_not_set_up(effect))
        return await venue.find(await self._with_agent_name(outgoing), search_since(job))

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        effect = effect_of(job, SendPrivateReply)
        message = uow.messages.get(effect.message_id)
        if is_code_answer(message):
            record_code_answer_sent(uow, message, result, now=now)
        else:
            record_sent(uow, message_id=message.id, result=result, now=now)
        if effect.venue == Venue.DM:
            profile, policy = self._ctx.networks.profile(effect.network), self._ctx.policy
            meter(uow, policy=policy, profile=profile, act=Act.DIRECT_MESSAGES_SENT, count=1, now=now)

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        message = uow.messages.get(effect_of(job, SendPrivateReply).message_id)
        if is_code_answer(message):
            record_code_answer_failed(uow, message, failure.reason, now=now)
            return
        record_failed(
            uow,
            message_id=message.id,
            reason=failure.reason,
            is_unreachable=failure.code == RECIPIENT_UNREACHABLE,
            now=now,
        )

    def on_unsure(self, uow: UnitOfWork, job: Job, decision: MarkUnsure, now: datetime) -> None:
        record_unsure(
            uow, message_id=effect_of(job, SendPrivateReply).message_id, reason=decision.reason, now=now
        )

    def on_retry(self, uow: UnitOfWork, job: Job, now: datetime) -> None:
        record_resent(uow, message_id=effect_of(job, SendPrivateReply).message_id, now=now)

    def on_postponed(self, uow: UnitOfWork, job: Job, decision: Postpone, now: datetime) -> None:
        show_wait(uow, job.effect, is_destination_paused=decision.pause, now=now)

    async def _with_files_and_id(self, outgoing: OutgoingMessage, venue: PrivateVenue) -> OutgoingMessage:
        """Download the message's files and store its own id, where the venue uses one. Raises `DeskError`."""
        outgoing = replace(outgoing, files=[await self._with_content(file) for file in outgoing.files])
        own_id = venue.id_of(outgoing)
        if own_id is None or outgoing.message.external_id is not None:
            return outgoing
        message = await self._desk.run_durably(
            _store_external_id, message_id=outgoing.message.id, external_id=own_id
        )
        return replace(outgoing, message=message)

    async def _with_agent_name(self, outgoing: OutgoingMessage) -> OutgoingMessage:
        sent_by = outgoing.message.sent_by
        agent_name = (await self._ctx.directory.person(sent_by)).name if sent_by else ""
        return replace(
            outgoing, agent_name=agent_name, code_recipient=self._ctx.code_recipient(outgoing.case.network)
        )

    async def _with_content(self, file: File) -> File:
        if file.content is not None:
            return file
        downloaded = replace(file, content=await self._ctx.download(file))
        await self._desk.run(_save_file, downloaded)
        return downloaded


def _not_set_up(effect: SendPrivateReply) -> str:
    return f"{full_name(Venue(effect.venue))} is no longer set up here"


def _store_external_id(uow: UnitOfWork, *, message_id: int, external_id: str) -> Message:
    case = uow.cases.get(uow.messages.get(message_id).case_id)
    # Load the case first: its compare-and-swap detects a person who settles the message at the same time.
    message = replace(uow.messages.get(message_id), external_id=external_id)
    uow.messages.save(message)
    uow.cases.save(case)
    return message


def _save_file(uow: UnitOfWork, file: File) -> None:
    uow.files.save(file)
