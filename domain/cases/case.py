"""Define the case, one customer's conversation with us, and its state machine."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.cases.routing import UNROUTED, Routing
from domain.cases.tags import VIP
from domain.errors import Refused
from domain.intake.posts import Author, ReplyBlock
from domain.triage.assessment import Assessment
from domain.triage.ranking import sort_key_of
from domain.venues import Venue


class CaseState(StrEnum):
    """The state of a case. Assignment is independent of it: see `Case.claimed_by`."""

    OPEN = "open"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"

    @property
    def is_active(self) -> bool:
        """Whether the case is neither resolved nor dismissed."""
        return self in ACTIVE


ACTIVE = frozenset({CaseState.OPEN, CaseState.WAITING, CaseState.SNOOZED})
CLOSED = frozenset(CaseState) - ACTIVE


class CaseEvent(StrEnum):
    """An event that may change the state of a case."""

    CLAIM = "claim"
    TAKE_OVER = "take_over"
    ASSIGN = "assign"
    RELEASE = "release"
    ANSWER = "answer"
    SEND_FAILED = "send_failed"
    SNOOZE = "snooze"
    WAKE = "wake"
    RESOLVE = "resolve"
    DISMISS = "dismiss"
    REOPEN = "reopen"
    CUSTOMER_WROTE = "customer_wrote"


def _table() -> dict[tuple[CaseState, CaseEvent], CaseState]:
    open_, waiting, snoozed = CaseState.OPEN, CaseState.WAITING, CaseState.SNOOZED
    table: dict[tuple[CaseState, CaseEvent], CaseState] = {}
    for state in ACTIVE:
        for event in (CaseEvent.CLAIM, CaseEvent.TAKE_OVER, CaseEvent.ASSIGN):
            table[state, event] = open_ if state is snoozed else state
        table[state, CaseEvent.RELEASE] = state
        table[state, CaseEvent.ANSWER] = waiting
        table[state, CaseEvent.SEND_FAILED] = open_
        table[state, CaseEvent.SNOOZE] = snoozed
        table[state, CaseEvent.RESOLVE] = CaseState.RESOLVED
        table[state, CaseEvent.DISMISS] = CaseState.DISMISSED
        table[state, CaseEvent.CUSTOMER_WROTE] = open_
    table[snoozed, CaseEvent.WAKE] = open_
    for state in CLOSED:
        table[state, CaseEvent.REOPEN] = open_
        table[state, CaseEvent.CUSTOMER_WROTE] = open_
        table[state, CaseEvent.SEND_FAILED] = open_
    return table


TRANSITIONS = _table()


class EventNotAllowed(Refused):
    """The event is not allowed in the current state of the case."""

    def __init__(self, state: CaseState, event: CaseEvent) -> None:
        super().__init__(state, event)
        self.state = state
        self.event = event


def next_state(state: CaseState, event: CaseEvent) -> CaseState:
    """Return the state after `event`; raises `EventNotAllowed`."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise EventNotAllowed(state, event) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One customer's conversation with one of our accounts.

    `version` grows by one with each change, for optimistic locking: a write succeeds only against the version
    that was read. `waiting_since` is when the customer first wrote without a reply, `None` once replied to.
    `reopened_at` is when the customer wrote again after we had replied or closed the case. Like
    `waiting_since`, it is reset to `None` when a reply leaves nothing unanswered, and is kept when the case
    is closed. `reply_due` is when the customer is to be answered, `None` where nobody waits or there is no
    target. `reply_to_id` is the post that a public reply would answer, `conversation_id` the conversation
    of that post. `card_channel` and `card_ts` locate its card in Slack once posted; `thread_audit_id` is
    the last audit entry that its thread shows. `outage_id` is the outage that a person linked it to,
    `outage_severity` how bad that is: 0 where there is none, or it is over, up to 3. `raised_at` is when its
    rank was raised because a target was missed; reset by the next answer. `routing` is what the rules of
    routing decided when the case opened.
    """

    id: int
    version: int
    network: str
    account_id: str
    author: Author
    state: CaseState
    assessment: Assessment
    opened_at: datetime
    last_message_at: datetime
    channel: str
    conversation_id: str
    reply_to_id: str
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    waiting_since: datetime | None = None
    reply_due: datetime | None = None
    first_replied_at: datetime | None = None
    snoozed_until: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    reply_block: ReplyBlock | None = None
    card_channel: str | None = None
    card_ts: str | None = None
    card_digest: str | None = None
    thread_audit_id: int = 0
    reopened_at: datetime | None = None
    outage_id: int | None = None
    outage_severity: int = 0
    raised_at: datetime | None = None
    routing: Routing = UNROUTED

    @property
    def began_by_email(self) -> bool:
        """Whether the customer wrote by e-mail first, so that no account of theirs on a network is known."""
        return self.network == Venue.EMAIL

    @property
    def is_vip(self) -> bool:
        """Whether the customer has the tag `vip`."""
        return VIP in self.routing.customer_tags

    @property
    def rank_step(self) -> int:
        """1 where a rule of routing raises the rank, -1 where one lowers it."""
        return self.routing.rank_step

    @property
    def is_stranger(self) -> bool:
        """Whether a mail opened the case of whose sender nothing is known; see `Routing`."""
        return self.routing.is_stranger

    def is_overdue(self, now: datetime) -> bool:
        """Return whether the customer was to be answered by now, and waits still."""
        return self.reply_due is not None and self.reply_due <= now

    @property
    def sort_key(self) -> float:
        """The rank by the current ranking rules; the queue is sorted by it, descending."""
        return sort_key_of(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardThread:
    """The thread below a case's card."""

    case_id: int
    channel: str
    ts: str
