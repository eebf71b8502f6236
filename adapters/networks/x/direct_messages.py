"""Send and read direct messages on X."""

import logging
from datetime import UTC, datetime

from adapters.http_calls import CallFailed, Unreadable
from adapters.networks.x import ids, media_download
from adapters.networks.x.client import Client
from adapters.networks.x.dm_events import MESSAGE_CREATED, Event, event_of
from adapters.networks.x.dm_reading import PAGE_SIZE, DirectMessageInbox
from adapters.networks.x.errors import message_outcome, source_errors
from adapters.networks.x.ids import is_id, own_id
from adapters.networks.x.json_values import mapping_of
from adapters.networks.x.media_upload import CannotAttach, upload_picture
from adapters.networks.x.parsing import Malformed
from adapters.networks.x.reply_search import CLOCK_SKEW, unreadable_finding
from adapters.networks.x.text_length import comparable
from adapters.networks.x.timeline import listing
from adapters.networks.x.vocabulary import SENT_MESSAGES
from domain.accounts import Account
from domain.clock import Clock
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Later, Outcome, Unknown
from domain.intake.private_messages import IncomingAttachment, IncomingFile, IncomingPage
from domain.replies.outgoing_message import OutgoingMessage

log = logging.getLogger(__name__)

_MAX_PAGES = 5
_UNKNOWN_RECIPIENT = (
    "It is not known by which account this customer writes on X, so no direct message can be sent."
)


class XDirectMessages:
    """Implements `domain.networks.DirectMessages` over API v2, as the brand's account."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def read(self, account: Account, since_id: str | None) -> IncomingPage:
        """Fetch the customers' messages since then, oldest first. Raises SourceError."""
        with source_errors(self._clock):
            return await DirectMessageInbox(client=self._client, account=account, now=self._clock.now()).read(
                since_id
            )

    async def fetch(self, attachment: IncomingAttachment) -> IncomingFile:
        """Download a picture of a message; `refused` holds the reason where it is not accepted."""
        return await media_download.fetch(self._client, attachment)

    def id_of(self, outgoing: OutgoingMessage) -> str | None:  # noqa: ARG002 - the port's signature
        """Return `None`: X assigns the id."""
        return None

    async def send(self, outgoing: OutgoingMessage) -> Outcome:
        """Send the message: one try, no retry. `Done.result` holds "id".

        `Failed.code` is `RECIPIENT_UNREACHABLE` where the customer accepts no messages from us.
        """
        participant_id = participant_of(outgoing)
        if participant_id is None:
            return Failed(_UNKNOWN_RECIPIENT)
        text = outgoing.message.text.strip()
        try:
            media_id = await upload_picture(self._client, outgoing.files)
        except CannotAttach as why:
            return Failed(str(why))
        except CallFailed as failure:
            return _upload_outcome(message_outcome(failure, self._clock.now()))
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

    async def find(self, outgoing: OutgoingMessage, since: datetime) -> Finding:
        """Look for the message among those sent to this person since then.

        Messages of ours whose id is stored are other ones, and are skipped.
        """
        participant_id = participant_of(outgoing)
        if participant_id is None:
            return Absent()
        try:
            return await self._find(outgoing, participant_id, ids.id_at((since - CLOCK_SKEW).astimezone(UTC)))
        except CallFailed as failure:
            return unreadable_finding(failure, self._clock.now())

    async def _find(self, outgoing: OutgoingMessage, participant_id: str, oldest: str) -> Finding:
        expected = comparable(outgoing.message.text)
        others = {message.external_id for message in outgoing.earlier}
        token: str | None = None
        for _ in range(_MAX_PAGES):
            body = await self._client.read(
                SENT_MESSAGES,
                f"/2/dm_conversations/with/{participant_id}/dm_events",
                event_types=MESSAGE_CREATED,
                max_results=PAGE_SIZE,
                pagination_token=token,
            )
            data, meta = listing(body)
            for event in filter(None, map(_event, data)):
                if int(event.id) < int(oldest):
                    return Absent()
                is_ours = event.sender_id == outgoing.case.account_id and event.id not in others
                is_it = comparable(event.written) == expected and event.has_files == bool(outgoing.files)
                if is_ours and is_it:
                    return Done({"id": event.id, "at": ids.time_of(event.id).isoformat()})
            token = meta.get("next_token")
            if not isinstance(token, str) or not token:
                return Absent()
        return Failed("there are too many messages since then to look through")


def participant_of(outgoing: OutgoingMessage) -> str | None:
    """Return the recipient's numeric id: who wrote to us there, else the public author;

    `None` where unknown.
    """
    for user_id in (outgoing.handoff.address, outgoing.case.author.id):
        if is_id(user_id):
            return user_id
    return None


def _upload_outcome(outcome: Outcome) -> Outcome:
    """Map an unknown upload to a retry: a picture without a message is not visible to the customer."""
    return Later(outcome.reason) if isinstance(outcome, Unknown) else outcome


def _event(raw: object) -> Event | None:
    try:
        return event_of(raw)
    except Malformed:
        raise Unreadable(
            "one of the messages cannot be read, so the absence of ours cannot be told"
        ) from None
