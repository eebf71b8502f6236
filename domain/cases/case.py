"""A case: one customer's conversation with us, and the table of what may happen to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.errors import Refused
from domain.intake.posts import Author, ReplyBlock
from domain.triage.assessment import Assessment
from domain.triage.ranking import sort_key_of


class CaseState(StrEnum):
    """Where a case stands. Who holds it is another matter: see `Case.claimed_by`."""

    OPEN = "open"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"

    @property
    def is_active(self) -> bool:
        """Whether somebody may still have to do something."""
        return self in ACTIVE


ACTIVE = frozenset({CaseState.OPEN, CaseState.WAITING, CaseState.SNOOZED})
CLOSED = frozenset(CaseState) - ACTIVE


class CaseEvent(StrEnum):
    """What can happen to a case."""

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


def next_state(state: CaseState, event: CaseEvent) -> CaseState:
    """Where `event` leads from `state`; raises `Refused` where it may not happen."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        if state in CLOSED:
            why = f"This case is {state.value}, so it cannot be changed. Press Reopen first."
        else:
            why = f"This case is {state.value}, so there is nothing to {event.value}. The card shows how it stands now."
        raise Refused(why) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One customer's conversation with one of our accounts.

    `version` grows by one with each change; a write succeeds only against the version it was read at.
    `waiting_since` is when the customer first wrote without an answer, `None` once answered.
    `reopened_at` is when the customer came back to a case that we had answered or closed. Like `waiting_since`,
    it is `None` again once an answer leaves nothing unanswered, and stays as it is when the case is closed.
    `reply_to_id` is the post that an answer would reply to, and `conversation_id` where that post stands.
    `card_channel` and `card_ts` say where its card stands in Slack once posted; `thread_seen` is the last audit entry that its
    thread shows.
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
    first_reply_due: datetime | None = None
    first_replied_at: datetime | None = None
    snoozed_until: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    reply_block: ReplyBlock | None = None
    card_channel: str | None = None
    card_ts: str | None = None
    card_digest: str | None = None
    thread_seen: int = 0
    reopened_at: datetime | None = None

    @property
    def sort_key(self) -> float:
        """The place in the queue, by the present rules; the queue is sorted by it, descending."""
        return sort_key_of(self)
