"""Sending private messages, whatever the venue."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.cases.files import File
from domain.cases.messages import Delivery, Message
from domain.delivery.decisions import MarkUnsure
from domain.delivery.effects import Job, SendPrivate
from domain.delivery.outcomes import CLOSED_TO_US, Done, Failed, Finding, Later, Outcome, Unknown
from domain.errors import DeskError
from domain.replies.outgoing_message import OutgoingMessage, PrivateVenue
from domain.venues import Venue
from handlers.context import AppContext
from handlers.delivery.performers.base import effect_of, search_since
from handlers.replies.private import load_outgoing, load_outgoing_to_send
from handlers.replies.results import record_failed, record_resent, record_sent, record_unsure
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)


class ChatPage:
    """`PrivateVenue` for live chat: a line is on the page by being stored as sent, once its files are stored, too."""

    venue = Venue.CHAT

    def id_of(self, parcel: OutgoingMessage) -> None:
        """Nobody else has to know it by an id."""

    async def send(self, parcel: OutgoingMessage) -> Outcome:  # noqa: ARG002 - the port's signature
        """Nothing leaves the house."""
        return Done()

    async def find(self, parcel: OutgoingMessage, search_since: datetime) -> Finding:  # noqa: ARG002 - the port's signature
        """Never asked: what stays in the house is not in doubt."""
        return Done()


class PrivateReplySender:
    """Performs `SendPrivate`, at whichever venue. Customers read the agent's name as the directory has it."""

    def __init__(self, ctx: AppContext) -> None:
        self._ctx = ctx
        self._desk = ctx.desk
        self._others: Mapping[Venue, PrivateVenue] = {Venue.CHAT: ChatPage()} | (
            {Venue.EMAIL: ctx.email} if ctx.email is not None else {}
        )

    def _venue_of(self, effect: SendPrivate, network: str) -> PrivateVenue | None:
        """What sends it: a direct message goes by the case's network."""
        if effect.venue != Venue.DM:
            return self._others.get(Venue(effect.venue))
        connected = self._ctx.networks.get(network)
        return connected.direct if connected is not None else None

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, SendPrivate)
        try:
            parcel = await self._signed(
                await self._desk.run(load_outgoing_to_send, message_id=effect.message_id)
            )
            venue = self._venue_of(effect, parcel.case.network)
            if venue is None:
                return Failed(_not_set_up(effect))
            parcel = await self._made_ready(parcel, venue)
        except DeskError as error:
            return Failed(str(error))
        except Exception as error:
            log.exception("%s could not be made ready", effect.key)
            return Later(f"it could not be made ready ({type(error).__name__}); the log holds the details")
        if parcel.message.delivery is Delivery.SENT:
            return Done({"id": parcel.message.external_id})
        return await venue.send(parcel)

    async def find(self, job: Job) -> Finding:
        effect = effect_of(job, SendPrivate)
        if effect.venue == Venue.CHAT:
            # It stays in the house, so that doing it again is doing it once.
            outcome = await self.perform(job)
            return Later(outcome.reason) if isinstance(outcome, Unknown) else outcome
        parcel = await self._desk.run(load_outgoing, message_id=effect.message_id)
        venue = self._venue_of(effect, parcel.case.network)
        if venue is None:
            return Later(_not_set_up(effect))
        return await venue.find(await self._signed(parcel), search_since(job))

    def done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        record_sent(uow, message_id=effect_of(job, SendPrivate).message_id, result=result, now=now)

    def failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        record_failed(
            uow,
            message_id=effect_of(job, SendPrivate).message_id,
            reason=failure.reason,
            is_shut=failure.code == CLOSED_TO_US,
            now=now,
        )

    def unsure(self, uow: UnitOfWork, job: Job, hold: MarkUnsure, now: datetime) -> None:
        record_unsure(uow, message_id=effect_of(job, SendPrivate).message_id, reason=hold.reason, now=now)

    def again(self, uow: UnitOfWork, job: Job, now: datetime) -> None:
        record_resent(uow, message_id=effect_of(job, SendPrivate).message_id, now=now)

    async def _made_ready(self, parcel: OutgoingMessage, venue: PrivateVenue) -> OutgoingMessage:
        """Fetch its files and give it an id of ours. Raises `DeskError` where it may not go."""
        parcel = replace(parcel, files=[await self._downloaded(file) for file in parcel.files])
        own_id = venue.id_of(parcel)
        if own_id is None or parcel.message.external_id is not None:
            return parcel
        message = await self._desk.run_durably(_name, message_id=parcel.message.id, external_id=own_id)
        return replace(parcel, message=message)

    async def _signed(self, parcel: OutgoingMessage) -> OutgoingMessage:
        sent_by = parcel.message.sent_by
        signed = (await self._ctx.directory.person(sent_by)).name if sent_by else ""
        return replace(parcel, signed=signed, proof=self._ctx.code_recipient(parcel.case.network))

    async def _downloaded(self, file: File) -> File:
        if file.content is not None:
            return file
        downloaded = replace(file, content=await self._ctx.download(file))
        await self._desk.run(_keep, downloaded)
        return downloaded


def _not_set_up(effect: SendPrivate) -> str:
    return f"{Venue(effect.venue).label} is no longer set up here"


def _name(uow: UnitOfWork, *, message_id: int, external_id: str) -> Message:
    case = uow.cases.get(uow.messages.get(message_id).case_id)
    # Read after the case: a person may be saying just now what became of it, and saving the case tells.
    message = replace(uow.messages.get(message_id), external_id=external_id)
    uow.messages.save(message)
    uow.cases.save(case)
    return message


def _keep(uow: UnitOfWork, file: File) -> None:
    uow.files.save(file)
