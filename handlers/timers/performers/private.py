"""Sending private messages, whatever the venue."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.delivery import Hold
from domain.effects import Job, SendPrivate
from domain.errors import DeskError
from domain.files import File
from domain.messages import Delivery
from domain.outcomes import Done, Failed, Finding, Later, Outcome
from domain.ports import PrivateVenue, UnitOfWork
from domain.private import Parcel
from domain.venues import Venue
from handlers.desk import Desk
from handlers.private import pack
from handlers.sending import reply_failed, reply_sent, reply_sent_again, reply_unsure
from handlers.timers.performers.rooms import expect, since

#: What an agent attached, fetched from the team chat; raises `DeskError` where it cannot be had.
Fetch = Callable[[File], Awaitable[bytes]]


class PrivateSender:
    """Performs `SendPrivate`. `name_of` gives an agent's name as customers may read it."""

    def __init__(
        self,
        desk: Desk,
        venues: Mapping[Venue, PrivateVenue],
        *,
        fetch: Fetch,
        name_of: Callable[[str], Awaitable[str]],
    ) -> None:
        self._desk = desk
        self._venues = venues
        self._fetch = fetch
        self._name_of = name_of

    async def perform(self, job: Job) -> Outcome:
        effect = expect(job, SendPrivate)
        venue = self._venues.get(Venue(effect.venue))
        if venue is None:
            return Failed(f"{Venue(effect.venue).label} is no longer set up here")
        parcel = await self._parcel(effect.message_id)
        if parcel.message.delivery is Delivery.SENT:
            return Done({"id": parcel.message.external_id})
        try:
            files = [await self._whole(file) for file in parcel.files]
        except DeskError as error:
            return Failed(str(error))
        own_id = venue.id_of(parcel)
        if own_id is not None and parcel.message.external_id is None:
            await self._desk.run(_name, message_id=effect.message_id, external_id=own_id)
        return await venue.send(replace(parcel, files=files))

    async def find(self, job: Job) -> Finding:
        effect = expect(job, SendPrivate)
        venue = self._venues.get(Venue(effect.venue))
        if venue is None:
            return Later(f"{Venue(effect.venue).label} is no longer set up here")
        return await venue.find(await self._parcel(effect.message_id), since(job))

    def done(self, uow: UnitOfWork, job: Job, result: Mapping[str, Any], now: datetime) -> None:
        reply_sent(uow, message_id=expect(job, SendPrivate).message_id, result=result, now=now)

    def failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        reply_failed(uow, message_id=expect(job, SendPrivate).message_id, reason=failure.reason, now=now)

    def unsure(self, uow: UnitOfWork, job: Job, hold: Hold, now: datetime) -> None:
        reply_unsure(uow, message_id=expect(job, SendPrivate).message_id, reason=hold.reason, now=now)

    def again(self, uow: UnitOfWork, job: Job, now: datetime) -> None:
        reply_sent_again(uow, message_id=expect(job, SendPrivate).message_id, now=now)

    async def _parcel(self, message_id: int) -> Parcel:
        parcel = await self._desk.run(pack, message_id=message_id)
        sent_by = parcel.message.sent_by
        return replace(parcel, signed=await self._name_of(sent_by)) if sent_by else parcel

    async def _whole(self, file: File) -> File:
        if file.content is not None:
            return file
        fetched = replace(file, content=await self._fetch(file))
        await self._desk.run(_keep, fetched)
        return fetched


def _name(uow: UnitOfWork, *, message_id: int, external_id: str) -> None:
    uow.messages.save(replace(uow.messages.get(message_id), external_id=external_id))


def _keep(uow: UnitOfWork, file: File) -> None:
    uow.files.save(file)
