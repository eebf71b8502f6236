"""Our messages on their way out: what a venue needs to send one, and the effect that sends it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.cases.case import Case
from domain.cases.files import File
from domain.cases.messages import Delivery, Direction, Message
from domain.delivery.effects import SendPrivate, SendReply
from domain.delivery.outcomes import Finding, Outcome
from domain.handoffs.handoff import Handoff
from domain.venues import Venue


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRecipient:
    """Where the customer sends the code that shows who they are: our account's handle, and a link that opens a message to it."""

    handle: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """A private message of ours with everything that its venue needs to send it.

    `earlier` is the conversation before it, oldest first; `signed` is the agent's name as customers may read it.
    `proof` is `None` where no code can be sent to us.
    """

    case: Case
    handoff: Handoff
    message: Message
    earlier: Sequence[Message] = ()
    files: Sequence[File] = field(default=())
    signed: str = ""
    proof: CodeRecipient | None = None


def new_private_reply(
    case: Case, venue: Venue, text: str, *, by: str, client_key: str, now: datetime
) -> Message:
    """A message of ours that is to go to a private venue."""
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


def send_effect(message: Message, case: Case) -> SendReply | SendPrivate:
    """The effect that sends this message of ours at its present attempt, in public or in private."""
    if message.venue.is_private:
        return SendPrivate(
            message.id, case.id, message.venue.value, attempt=message.attempt, network=case.network
        )
    return SendReply(message.id, case.id, case.network, attempt=message.attempt)


class PrivateVenue(Protocol):
    """A way to write to a customer in private."""

    @property
    def venue(self) -> Venue:
        """Which."""
        ...

    def id_of(self, parcel: OutgoingMessage) -> str | None:
        """The id that we give it ourselves, which is stored before it leaves; `None` where the other side gives it one."""
        ...

    async def send(self, parcel: OutgoingMessage) -> Outcome:
        """Send it, as one try. `Done.result` holds "id", the other side's id of it."""
        ...

    async def find(self, parcel: OutgoingMessage, since: datetime) -> Finding:
        """Look on the other side whether an earlier try arrived. `Done.result` is as that of `send`."""
        ...
