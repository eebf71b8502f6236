"""A hand-off: a conversation that is moved to another venue, and the table of what may happen to it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.cases.messages import Message
from domain.handoffs.email_addresses import email_address
from domain.venues import Venue


class HandoffState(StrEnum):
    """Where a hand-off stands.

    `OFFERED`: the customer has been told where to go. `ARRIVED`: they came. `RETURNED`: the conversation is public again.
    `EXPIRED`: they did not come in time. `REPLACED`: a newer offer has taken its place.
    """

    OFFERED = "offered"
    ARRIVED = "arrived"
    RETURNED = "returned"
    EXPIRED = "expired"
    REPLACED = "replaced"

    @property
    def is_current(self) -> bool:
        """Whether the conversation is there, or expected there."""
        return self in CURRENT


CURRENT = frozenset({HandoffState.OFFERED, HandoffState.ARRIVED})


class HandoffEvent(StrEnum):
    """What can happen to a hand-off.

    `ARRIVE`: the customer took the offer up. `COME_BACK`: they write there although the conversation had gone elsewhere.
    """

    ARRIVE = "arrive"
    COME_BACK = "come_back"
    RETURN = "return"
    EXPIRE = "expire"
    REPLACE = "replace"


#: Whoever comes after the offer has expired is let in all the same: the link is refused, the customer is not.
HANDOFF_TRANSITIONS: dict[tuple[HandoffState, HandoffEvent], HandoffState] = {
    (HandoffState.OFFERED, HandoffEvent.ARRIVE): HandoffState.ARRIVED,
    (HandoffState.OFFERED, HandoffEvent.RETURN): HandoffState.RETURNED,
    (HandoffState.OFFERED, HandoffEvent.EXPIRE): HandoffState.EXPIRED,
    (HandoffState.OFFERED, HandoffEvent.REPLACE): HandoffState.REPLACED,
    (HandoffState.EXPIRED, HandoffEvent.ARRIVE): HandoffState.ARRIVED,
    (HandoffState.ARRIVED, HandoffEvent.RETURN): HandoffState.RETURNED,
    (HandoffState.ARRIVED, HandoffEvent.REPLACE): HandoffState.REPLACED,
    (HandoffState.RETURNED, HandoffEvent.COME_BACK): HandoffState.ARRIVED,
    (HandoffState.REPLACED, HandoffEvent.COME_BACK): HandoffState.ARRIVED,
}


class Proof(StrEnum):
    """How it was shown that the person who arrived is the public author.

    `SAME_ACCOUNT`: they write from the account that wrote the post, by its numeric id. `CODE`: from that account they sent us the code
    that the venue showed them. `AGENT`: an agent says so, with a reason.
    """

    SAME_ACCOUNT = "same_account"
    CODE = "code"
    AGENT = "agent"


class NotPossible(Exception):
    """This cannot happen to a hand-off as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """One move of a case to a venue.

    `offered_by` is a Slack user id, or `audit.SYSTEM` where the customer came by themselves. `message_id` is the public line that told them;
    `None` where there was none. `nonce` is the secret part of its link, `code` what the venue shows for the customer to send us.
    `address` is who is there: a user id, an e-mail address; `None` where nobody is known by one. `remind_at` is when somebody is told that
    the offer was not taken up, `None` once they have been. `shut_at` is when what we wrote there was last refused or came back for good (closed
    direct messages, a mailbox that is not there), `None` once they have written again: the customer must be told elsewhere.
    """

    id: int
    case_id: int
    venue: Venue
    state: HandoffState
    offered_at: datetime
    offered_by: str
    expires_at: datetime
    nonce: str
    code: str
    remind_at: datetime | None = None
    message_id: int | None = None
    address: str | None = None
    arrived_at: datetime | None = None
    ended_at: datetime | None = None
    proof: Proof | None = None
    verified_at: datetime | None = None
    verified_by: str | None = None
    verified_reason: str | None = None
    shut_at: datetime | None = None

    @property
    def is_verified(self) -> bool:
        """Whether the person there is known to be the public author."""
        return self.proof is not None


def transition(handoff: Handoff, event: HandoffEvent, now: datetime) -> Handoff:
    """The hand-off after `event`; raises `NotPossible`."""
    try:
        state = HANDOFF_TRANSITIONS[handoff.state, event]
    except KeyError:
        raise NotPossible(f"a hand-off that is {handoff.state.value} cannot {event.value}") from None
    if state is HandoffState.ARRIVED:
        return replace(handoff, state=state, arrived_at=now, ended_at=None, remind_at=None, shut_at=None)
    return replace(handoff, state=state, ended_at=now, remind_at=None)


def verified(handoff: Handoff, proof: Proof, *, by: str, now: datetime, reason: str | None = None) -> Handoff:
    """The hand-off with its proof. The first one stays: what is known does not become less by being shown again."""
    if handoff.is_verified:
        return handoff
    return replace(handoff, proof=proof, verified_at=now, verified_by=by, verified_reason=reason)


def known_address(venue: Venue, address: str) -> str:
    """The address in the form that it is kept and looked for in: no mail server in use tells capitals from small letters."""
    return (email_address(address) or address.strip()).lower() if venue is Venue.EMAIL else address


def addressed(handoff: Handoff, address: str) -> Handoff:
    """The hand-off with whoever is at `address`. What was shown of somebody else there does not hold for them."""
    address = known_address(handoff.venue, address)
    if address == handoff.address:
        return handoff
    if handoff.address is None:
        return replace(handoff, address=address)
    return replace(
        handoff, address=address, proof=None, verified_at=None, verified_by=None, verified_reason=None
    )


def may_read(handoff: Handoff, message: Message) -> bool:
    """Whether whoever is at this hand-off may be shown a line of the case: what is public, and what was written there.

    The rest only who is known to be the public author.
    """
    return handoff.is_verified or message.venue is Venue.PUBLIC or message.handoff_id == handoff.id
