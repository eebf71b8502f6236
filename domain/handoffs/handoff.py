"""Define the hand-off of a conversation to another venue, and its state machine."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.cases.messages import Message
from domain.handoffs.email_addresses import email_address
from domain.venues import Venue


class HandoffState(StrEnum):
    """The state of a hand-off.

    `OFFERED`: the customer was invited. `ARRIVED`: they wrote there, opened its link, or gave an address.
    `RETURNED`: the conversation is public again. `EXPIRED`: they did not arrive in time. `REPLACED`: a newer
    offer took its place.
    """

    OFFERED = "offered"
    ARRIVED = "arrived"
    RETURNED = "returned"
    EXPIRED = "expired"
    REPLACED = "replaced"

    @property
    def is_current(self) -> bool:
        """Whether the conversation is in this venue, or expected there."""
        return self in CURRENT


CURRENT = frozenset({HandoffState.OFFERED, HandoffState.ARRIVED})


class HandoffEvent(StrEnum):
    """An event that may change the state of a hand-off.

    `ARRIVE`: the customer accepted the offer. `RESUME`: they wrote there after the conversation had moved
    elsewhere.
    """

    ARRIVE = "arrive"
    RESUME = "resume"
    RETURN = "return"
    EXPIRE = "expire"
    REPLACE = "replace"


#: A customer who writes after the offer expired still arrives; only the link itself is refused.
HANDOFF_TRANSITIONS: dict[tuple[HandoffState, HandoffEvent], HandoffState] = {
    (HandoffState.OFFERED, HandoffEvent.ARRIVE): HandoffState.ARRIVED,
    (HandoffState.OFFERED, HandoffEvent.RETURN): HandoffState.RETURNED,
    (HandoffState.OFFERED, HandoffEvent.EXPIRE): HandoffState.EXPIRED,
    (HandoffState.OFFERED, HandoffEvent.REPLACE): HandoffState.REPLACED,
    (HandoffState.EXPIRED, HandoffEvent.ARRIVE): HandoffState.ARRIVED,
    (HandoffState.ARRIVED, HandoffEvent.RETURN): HandoffState.RETURNED,
    (HandoffState.ARRIVED, HandoffEvent.REPLACE): HandoffState.REPLACED,
    (HandoffState.RETURNED, HandoffEvent.RESUME): HandoffState.ARRIVED,
    (HandoffState.REPLACED, HandoffEvent.RESUME): HandoffState.ARRIVED,
}


class Proof(StrEnum):
    """How the person who arrived was verified as the public author.

    `SAME_ACCOUNT`: they write from the account that wrote the post, compared by its numeric id. `CODE`: they
    sent us, from that account, the code that the venue showed them. `AGENT`: an agent vouches for them, with
    a reason.
    """

    SAME_ACCOUNT = "same_account"
    CODE = "code"
    AGENT = "agent"


class InvalidTransition(Exception):
    """The event is not allowed in the hand-off's current state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """One move of a case to another venue.

    `offered_by` is a Slack user id, or `audit.SYSTEM` where the customer started it unsolicited. `message_id`
    is the message that made the offer; `None` where there was none. `nonce` is the secret part of its link,
    `code` the verification code that the venue shows and the customer sends to us. `address` identifies the
    participant: a user id or an e-mail address; `None` while it is unknown. `remind_at` is when the agent is
    reminded that the offer was not accepted, `None` once they were. `unreachable_at` is when a message of
    ours was last rejected or bounced for good (closed direct messages, an unknown mailbox), `None` once the
    customer has written there again; until then they must be reached elsewhere.
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
    unreachable_at: datetime | None = None

    @property
    def is_verified(self) -> bool:
        """Whether the participant was verified as the public author."""
        return self.proof is not None


def transition(handoff: Handoff, event: HandoffEvent, now: datetime) -> Handoff:
    """Apply an event; raises `InvalidTransition`."""
    try:
        state = HANDOFF_TRANSITIONS[handoff.state, event]
    except KeyError:
        raise InvalidTransition(f"a hand-off that is {handoff.state.value} cannot {event.value}") from None
    if state is HandoffState.ARRIVED:
        return replace(
            handoff, state=state, arrived_at=now, ended_at=None, remind_at=None, unreachable_at=None
        )
    return replace(handoff, state=state, ended_at=now, remind_at=None)


def with_proof(
    handoff: Handoff, proof: Proof, *, by: str, now: datetime, reason: str | None = None
) -> Handoff:
    """Record the proof that the participant is the public author. An existing proof is kept."""
    if handoff.is_verified:
        return handoff
    return replace(handoff, proof=proof, verified_at=now, verified_by=by, verified_reason=reason)


def normalize_address(venue: Venue, address: str) -> str:
    """Normalize an address for storage and lookup; e-mail addresses are lowercased."""
    return (email_address(address) or address.strip()).lower() if venue is Venue.EMAIL else address


def with_address(handoff: Handoff, address: str) -> Handoff:
    """Set the participant's address. Replacing a known one discards the proof, which was another person's."""
    address = normalize_address(handoff.venue, address)
    if address == handoff.address:
        return handoff
    if handoff.address is None:
        return replace(handoff, address=address)
    return replace(
        handoff, address=address, proof=None, verified_at=None, verified_by=None, verified_reason=None
    )


def newest_arrived(handoffs: Sequence[Handoff]) -> Handoff | None:
    """Return the newest arrived hand-off, whatever was offered since. `handoffs` are oldest first."""
    arrived = [handoff for handoff in handoffs if handoff.state is HandoffState.ARRIVED]
    return arrived[-1] if arrived else None


def latest_handoff(handoffs: Sequence[Handoff]) -> Handoff | None:
    """Return the newest arrived hand-off, else the newest offered, else the newest of any state.

    `handoffs` are oldest first.
    """
    newest_first = handoffs[::-1]
    preferred = (HandoffState.ARRIVED, HandoffState.OFFERED)
    found = (handoff for state in preferred for handoff in newest_first if handoff.state is state)
    return next(found, newest_first[0] if newest_first else None)


def may_read(handoff: Handoff, message: Message) -> bool:
    """Return whether the hand-off's participant may read a message of the case.

    Public messages and those of this hand-off at its venue. What was said elsewhere stays there, also for a
    verified author: a code may have been passed on by somebody who did not know what it confirms.
    """
    is_there = message.handoff_id == handoff.id and message.venue is handoff.venue
    return message.venue is Venue.PUBLIC or is_there
