"""Define outgoing messages: what a private venue needs to send one, and the effect that sends it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from domain.cases.case import Case
from domain.cases.files import File
from domain.cases.messages import Delivery, Direction, Message
from domain.delivery.effects import SendLinkedAnswer, SendPrivateReply, SendPublicReply
from domain.delivery.outcomes import Finding, Outcome
from domain.handoffs.handoff import Handoff
from domain.venues import Venue

#: How the `client_key` of an answer to a linked customer begins.
BULK_KEY = "bulk:"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRecipient:
    """Where the customer sends the verification code: our account's handle, and a link to message it."""

    handle: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """A private message of ours with everything that its venue needs to send it.

    `earlier` is the conversation before it, oldest first; `agent_name` is the agent's public display name.
    `code_recipient` is `None` where the customer cannot send us a verification code.
    """

    case: Case
    handoff: Handoff
    message: Message
    earlier: Sequence[Message] = ()
    files: Sequence[File] = field(default=())
    agent_name: str = ""
    code_recipient: CodeRecipient | None = None


def new_public_reply(
    case: Case, text: str, *, by: str, client_key: str, rules_version: str, now: datetime
) -> Message:
    """Create a queued reply to the case's post. `client_key` is its idempotency key."""
    return Message(
        id=0,
        case_id=case.id,
        direction=Direction.OUT,
        venue=Venue.PUBLIC,
        author_id=case.account_id,
        author_name="",
        text=text,
        created_at=now,
        reply_to_id=case.reply_to_id,
        delivery=Delivery.QUEUED,
        sent_by=by,
        client_key=client_key,
        rules_version=rules_version,
    )


def new_private_reply(
    case: Case, venue: Venue, text: str, *, by: str, client_key: str, now: datetime
) -> Message:
    """Create a queued message to a private venue. `client_key` is its idempotency key."""
    return Message(
        id=0,
        case_id=case.id,
        direction=Direction.OUT,
        venue=venue,
        author_id=case.account_id,
        author_name="",
        text=text,
        created_at=now,
        delivery=Delivery.QUEUED,
        sent_by=by,
        client_key=client_key,
    )


def is_bulk_answer(message: Message) -> bool:
    """Return whether a message of ours is an answer to linked customers; not one that an agent sent again."""
    return bulk_row_of(message) is not None


def bulk_row_of(message: Message) -> int | None:
    """Return the id of the row of a bulk answer that a message answers; `None` where it is an agent's."""
    key = message.client_key or ""
    if message.attempt != 1 or not key.startswith(BULK_KEY):
        return None
    return int(key.removeprefix(BULK_KEY))


def send_effect(message: Message, case: Case) -> SendPublicReply | SendPrivateReply:
    """Return the effect that sends a message of ours, public or private, for its current `attempt`.

    A bulk answer that failed and that an agent sends again is one of theirs.
    """
    if message.venue.is_private:
        return SendPrivateReply(
            message.id, case.id, message.venue.value, attempt=message.attempt, network=case.network
        )
    effect = SendLinkedAnswer if is_bulk_answer(message) else SendPublicReply
    return effect(message.id, case.id, case.network, attempt=message.attempt)


class PrivateVenue(Protocol):
    """Send private messages to customers through one venue."""

    def id_of(self, outgoing: OutgoingMessage) -> str | None:
        """Return the id that we assign and store before sending; `None` where the other side assigns it."""
        ...

    async def send(self, outgoing: OutgoingMessage) -> Outcome:
        """Make one attempt to send it. `Done.result` holds "id", the other side's id."""
        ...

    async def find(self, outgoing: OutgoingMessage, since: datetime) -> Finding:
        """Check on the other side whether an earlier attempt arrived. `Done.result` is as in `send`."""
        ...


def sent_time(message: Message, result: Mapping[str, Any], now: datetime) -> datetime:
    """Return when our message was sent: the time "at" (ISO 8601) that its network names, else `now`.

    A time before the message was written, or in the future, is not believed.
    """
    try:
        at = datetime.fromisoformat(str(result.get("at")))
    except ValueError:
        return now
    return at if at.tzinfo is not None and message.created_at <= at <= now else now
