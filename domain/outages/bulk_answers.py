"""Define bulk answers: many linked customers answered by one decision of a person, each in other words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.cases.case import Case, CaseState
from domain.cases.messages import Delivery
from domain.delivery.pacing import Pace
from domain.outages.folding import is_grave
from domain.outages.outage import Outage


class BulkPurpose(StrEnum):
    """What the linked customers are told: that it is known, or that it is over."""

    ANSWER = "answer"
    SOLVED = "solved"


class BulkState(StrEnum):
    """The state of a bulk answer."""

    RUNNING = "running"
    DONE = "done"
    ABORTED = "aborted"


class RowState(StrEnum):
    """The state of one customer's row. `QUEUED`: the answer is in the outbox, its message says the rest."""

    WAITING = "waiting"
    QUEUED = "queued"
    SKIPPED = "skipped"


class SkipReason(StrEnum):
    """Why a customer gets no answer in bulk."""

    CLOSED = "closed"
    NOT_LINKED = "not_linked"
    ANSWERED = "answered"
    CLAIMED = "claimed"
    IN_PRIVATE = "in_private"
    NOT_ADDRESSED = "not_addressed"
    OPTED_OUT = "opted_out"
    GRAVE = "grave"
    UNSETTLED = "unsettled"
    ANSWERED_BEFORE = "told_before"
    NO_WORDING = "no_wording"
    RULE_BROKEN = "rule_broken"
    ABORTED = "aborted"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAnswer:
    """A bulk answer, by whom it was started (a Slack user id, in whose name it is sent).

    `aborted_by` is a Slack user id, or `SYSTEM` where what it says was no longer so.
    """

    id: int
    outage_id: int
    purpose: BulkPurpose
    state: BulkState
    started_by: str
    started_at: datetime
    ended_at: datetime | None = None
    aborted_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRow:
    """One customer's row. `reason` is why it was skipped."""

    id: int
    bulk_id: int
    case_id: int
    text: str
    state: RowState
    message_id: int | None = None
    reason: SkipReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkView:
    """A bulk answer with its counts: "waiting", "skipped", and those of the messages' delivery.

    `taking_back` of the queued ones are being taken back, since it was stopped: none of these is sent.
    """

    bulk: BulkAnswer
    progress: Mapping[str, int]
    taking_back: int = 0

    @property
    def total(self) -> int:
        """How many customers it is about."""
        return sum(self.progress.values())

    @property
    def is_under_way(self) -> bool:
        """Whether it can be stopped: customers are still to be answered, or answers wait to be sent."""
        is_queued = self.bulk.state is BulkState.DONE and self.progress.get(Delivery.QUEUED, 0) > 0
        return self.bulk.state is BulkState.RUNNING or is_queued


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A linked case with what decides whether it is answered in bulk.

    `has_unsettled`: an answer of ours is on its way, or nobody knows whether it arrived. `is_in_private`: the
    customer has arrived in a private venue. `answered_before`: an earlier one with this purpose went to
    them.
    """

    case: Case
    has_unsettled: bool
    is_in_private: bool
    opted_out: bool
    answered_before: bool


def skip_reason(recipient: Recipient, *, outage: Outage, purpose: BulkPurpose, by: str) -> SkipReason | None:
    """Return why this customer gets no answer in bulk by `by`; `None` where they get one.

    Never somebody who did not address us, never somebody whom an agent has taken on, never twice, and never
    somebody who is in danger, vulnerable or about to sue: they need an answer of their own. Whose case was
    resolved before the outage was hears that it is over.
    """
    case = recipient.case
    is_active = case.state.is_active
    asks = purpose is BulkPurpose.ANSWER
    checks = (
        (case.outage_id != outage.id, SkipReason.NOT_LINKED),
        (not is_active and (asks or not _was_resolved_before(case, outage)), SkipReason.CLOSED),
        (case.reply_block is not None, SkipReason.NOT_ADDRESSED),
        (recipient.opted_out, SkipReason.OPTED_OUT),
        (recipient.is_in_private, SkipReason.IN_PRIVATE),
        (recipient.answered_before, SkipReason.ANSWERED_BEFORE),
        (is_active and case.claimed_by not in (None, by), SkipReason.CLAIMED),
        (is_grave(case.assessment), SkipReason.GRAVE),
        (recipient.has_unsettled, SkipReason.UNSETTLED),
        (asks and case.waiting_since is None, SkipReason.ANSWERED),
    )
    return next((reason for applies, reason in checks if applies), None)


def _was_resolved_before(case: Case, outage: Outage) -> bool:
    """Return whether an agent resolved the case while the outage went on."""
    if case.state is not CaseState.RESOLVED or case.closed_at is None or outage.resolved_at is None:
        return False
    return case.closed_at <= outage.resolved_at


def duration_of(count: int, pace: Pace | None) -> timedelta:
    """Return how long so many answers take at a network's pace."""
    return timedelta() if pace is None else max(count - 1, 0) * pace.interval
