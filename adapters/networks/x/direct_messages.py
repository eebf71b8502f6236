"""Direct messages on X: the brand's inbox, and writing to those who let us."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from adapters.networks.x import ids, media_download
from adapters.networks.x.call_failures import CallFailed, Unreadable
from adapters.networks.x.client import Client
from adapters.networks.x.dm_events import EVENT_FIELDS, WRITTEN, Event, event_of
from adapters.networks.x.dm_reading import PAGE_SIZE, Inbox
from adapters.networks.x.errors import message_outcome, source_error
from adapters.networks.x.ids import is_id, own_id
from adapters.networks.x.media_upload import CannotAttach, uploaded
from adapters.networks.x.parsing import Malformed, mapping_of
from adapters.networks.x.reply_search import SLACK, not_read
from adapters.networks.x.text_length import comparable
from adapters.networks.x.timeline import listing
from domain.accounts import Account
from domain.clock import Clock
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Later, Outcome, Unknown
from domain.intake.private_messages import Attachment, IncomingFile, IncomingPage
from domain.replies.outgoing_message import OutgoingMessage
from domain.venues import Venue

log = logging.getLogger(__name__)

_MOST_PAGES = 5
_NOBODY = "It is not known by which account this customer writes on X, so no direct message can be sent."


class XDirectMessages:
    """`PrivateVenue` and `PrivateStream` over API v2, acting as the brand's account."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    @property
    def venue(self) -> Venue:
        """Direct messages."""
        return Venue.DM

    async def read(self, account: Account, since_id: str | None) -> IncomingPage:
        """What customers wrote since then, oldest first. Raises SourceError."""
        with self._reading():
            return await Inbox(client=self._client, account=account, now=self._clock.now()).read(since_id)

    async def fetch(self, attachment: Attachment) -> IncomingFile:
        """A picture of a message; `refused` where it cannot be had or may not pass."""
        return await media_download.fetch(self._client, attachment)

    def id_of(self, parcel: OutgoingMessage) -> str | None:  # noqa: ARG002 - the port's signature
        """`None`: X gives a message its id."""
        return None

    async def send(self, parcel: OutgoingMessage) -> Outcome:
        """Send it, as one try. `Done.result` holds "id"; `Failed.code` is `CLOSED_TO_US` where the customer has not let us in."""
        participant_id = participant_of(parcel)
        if participant_id is None:
            return Failed(_NOBODY)
        text = parcel.message.text.strip()
        try:
            media_id = await uploaded(self._client, parcel.files)
        except CannotAttach as why:
            return Failed(str(why))
        except CallFailed as failure:
            return _not_uploaded(message_outcome(failure, self._clock.now()))
        try:
            body = await self._client.create_direct_message(
                participant_id=participant_id, text=text or None, media_id=media_id
            )
        except CallFailed as failure:
            log.info("a direct message was not taken: %s", failure)
            return message_outcome(failure, self._clock.now())
        event_id = own_id(mapping_of(mapping_of(body).get("data")).get("dm_event_id"))
        if event_id is None:
            return Unknown("X answered with success, but without the new message's id")
        return Done({"id": event_id})

    async def find(self, parcel: OutgoingMessage, since: datetime) -> Finding:
        """Look for it among what we wrote to this person since then; messages of ours that are known by their id are others."""
        participant_id = participant_of(parcel)
        if participant_id is None:
            return Absent()
        try:
            return await self._find(parcel, participant_id, ids.id_at((since - SLACK).astimezone(UTC)))
        except CallFailed as failure:
            return not_read(failure, self._clock.now())

    async def _find(self, parcel: OutgoingMessage, participant_id: str, oldest: str) -> Finding:
        wanted = comparable(parcel.message.text)
        others = {message.external_id for message in parcel.earlier}
        token: str | None = None
        for _ in range(_MOST_PAGES):
            body = await self._client.get_direct_message_events(
                participant_id=participant_id,
                event_types=WRITTEN,
                dm_event_fields=list(EVENT_FIELDS),
                max_results=PAGE_SIZE,
                **({"pagination_token": token} if token else {}),
            )
            data, meta = listing(body)
            for event in filter(None, map(_read, data)):
                if int(event.id) < int(oldest):
                    return Absent()
                is_ours = event.sender_id == parcel.case.account_id and event.id not in others
                is_it = comparable(event.written) == wanted and event.has_files == bool(parcel.files)
                if is_ours and is_it:
                    return Done({"id": event.id})
            token = meta.get("next_token")
            if not isinstance(token, str) or not token:
                return Absent()
        return Failed("there are too many messages since then to look through")

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except CallFailed as failure:
            raise source_error(failure, self._clock.now()) from None


def participant_of(parcel: OutgoingMessage) -> str | None:
    """Whom a message goes to, by numeric id: who wrote to us there, else the public author."""
    for known in (parcel.handoff.address, parcel.case.author.id):
        if is_id(known):
            return known
    return None


def _not_uploaded(outcome: Outcome) -> Outcome:
    """A picture that may or may not be up is nothing that a customer could see."""
    return Later(outcome.reason) if isinstance(outcome, Unknown) else outcome


def _read(given: object) -> Event | None:
    try:
        return event_of(given)
    except Malformed:
        raise Unreadable(
            "one of the messages cannot be read, so the absence of ours cannot be told"
        ) from None
