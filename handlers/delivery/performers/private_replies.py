"""Sending private messages, whatever the venue."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.cases.files import File
from domain.cases.messages import Delivery, Message
from domain.delivery.decisions import MarkUnsure
from domain.delivery.effects import Job, SendPrivate
from domain.delivery.outcomes import CLOSED_TO_US, Done, Failed, Finding, Later, Outcome, Unknown
from domain.errors import DeskError
from domain.replies.outgoing_message import CodeRecipient, OutgoingMessage, PrivateVenue
from domain.venues import Venue
from handlers.delivery.performers.base import effect_of, search_since
from handlers.desk import Desk
from handlers.replies.private import load_outgoing, load_outgoing_to_send
from handlers.replies.results import record_failed, record_resent, record_sent, record_unsure
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

#: What an agent attached, fetched from the team chat; raises `DeskError` where it cannot be had.
Fetch = Callable[[File], Awaitable[bytes]]


class ChatPage:
    """Keeps `domain.ports.PrivateVenue` for live chat: a line is on the page by being stored as sent, once its files are stored, too."""

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
    """Performs `SendPrivate`. `name_of` gives an agent's name as customers may read it; `proof` is where a code can be sent to us."""

    def __init__(
        self,
        desk: Desk,
        venues: Mapping[Venue, PrivateVenue],
        *,
        fetch: Fetch,
        name_of: Callable[[str], Awaitable[str]],
        proof: CodeRecipient | None = None,
    ) -> None:
        self._desk = desk
        self._venues = venues
        self._fetch = fetch
        self._name_of = name_of
        self._proof = proof

    async def perform(self, job: Job) -> Outcome:
        effect = effect_of(job, SendPrivate)
        venue = self._venues.get(Venue(effect.venue))
        if venue is None:
            return Failed(f"{Venue(effect.venue).label} is no longer set up here")
        try:
            parcel = await self._made_ready(effect.message_id, venue)
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
        venue = self._venues.get(Venue(effect.venue))
        if venue is None:
            return Later(f"{Venue(effect.venue).label} is no longer set up here")
        if venue.venue is Venue.CHAT:
            outcome = await self.perform(
                job
            )  # it stays in the house, so that doing it again is doing it once
            return Later(outcome.reason) if isinstance(outcome, Unknown) else outcome
        parcel = await self._desk.run(load_outgoing, message_id=effect.message_id)
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

    async def _made_ready(self, message_id: int, venue: PrivateVenue) -> OutgoingMessage:
        """All that can go wrong before anything leaves the house. Raises `DeskError` where it may not go."""
        parcel = await self._signed(await self._desk.run(load_outgoing_to_send, message_id=message_id))
        parcel = replace(parcel, files=[await self._whole(file) for file in parcel.files])
        own_id = venue.id_of(parcel)
        if own_id is None or parcel.message.external_id is not None:
            return parcel
        message = await self._desk.run_durably(_name, message_id=message_id, external_id=own_id)
        return replace(parcel, message=message)

    async def _signed(self, parcel: OutgoingMessage) -> OutgoingMessage:
        sent_by = parcel.message.sent_by
        signed = await self._name_of(sent_by) if sent_by else ""
        return replace(parcel, signed=signed, proof=self._proof)

    async def _whole(self, file: File) -> File:
        if file.content is not None:
            return file
        fetched = replace(file, content=await self._fetch(file))
        await self._desk.run(_keep, fetched)
        return fetched


def _name(uow: UnitOfWork, *, message_id: int, external_id: str) -> Message:
    case = uow.cases.get(uow.messages.get(message_id).case_id)
    # Read after the case: a person may be saying just now what became of it, and saving the case tells.
    message = replace(uow.messages.get(message_id), external_id=external_id)
    uow.messages.save(message)
    uow.cases.save(case)
    return message


def _keep(uow: UnitOfWork, file: File) -> None:
    uow.files.save(file)
