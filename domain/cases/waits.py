"""Define the waits of customers for a person's answer: what opens one, answers it, or ends it otherwise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.cases.case_assessment import Statement, is_kept_until_answered
from domain.cases.messages import Message
from domain.triage.message_kind import MessageKind
from domain.venues import Venue


class WaitKind(StrEnum):
    """Whether a wait is for the first answer of a person in the case, or for a further one."""

    FIRST = "first"
    NEXT = "next"


class EndReason(StrEnum):
    """Why a wait ended without an answer.

    `THANKS`: the customer took back by thanks what they had asked. `GONE`: they deleted it, edited it, or a
    person said that it asks for nothing.
    """

    RESOLVED = "resolved"
    NOT_A_REQUEST = "not_a_request"
    THANKS = "thanks"
    GONE = "gone"


#: The case was closed while the customer waited.
BY_CLOSING = frozenset({EndReason.RESOLVED, EndReason.NOT_A_REQUEST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One wait of a customer for a person's answer; `open` until it is answered or has ended.

    It is for the message `asked_message_id`, `None` where the customer asked by a press on our page.
    `due_at` is when the answer is due and `policy` the name of the service level that says so; `None`: there
    is no target, or it is the default's. `answered_by` is the Slack user id of the person whose message
    `answered_message_id` is, `venue` where it was sent, `by_offer` whether it offers another venue.
    `office_seconds` are those within office hours until it was answered or ended. `resolution_due_at` is when
    the case is to be resolved if the customer waits until then. Each warning and breach is acted on once;
    `check_at` is when the next of them comes.
    """

    id: int
    case_id: int
    kind: WaitKind
    asked_message_id: int | None
    asked_at: datetime
    due_at: datetime | None = None
    policy: str | None = None
    answered_message_id: int | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    venue: Venue | None = None
    by_offer: bool = False
    office_seconds: float | None = None
    ended_at: datetime | None = None
    end_reason: EndReason | None = None
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    resolution_due_at: datetime | None = None
    resolution_policy: str | None = None
    resolution_warned_at: datetime | None = None
    resolution_breached_at: datetime | None = None
    check_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the customer still waits."""
        return self.answered_at is None and self.ended_at is None

    @property
    def until(self) -> datetime | None:
        """When it was answered or ended; `None` while the customer waits."""
        return self.answered_at or self.ended_at

    @property
    def was_closed(self) -> bool:
        """Whether the case was closed before anybody answered."""
        return self.end_reason in BY_CLOSING

    def is_asked_before(self, message: Message) -> bool:
        """Whether what the customer asked was known when `message` of ours was written."""
        if self.asked_message_id is None:
            return self.asked_at <= message.created_at
        return self.asked_message_id < message.id


def first_asking(statements: Iterable[Statement]) -> Statement | None:
    """Return the customer's first unanswered statement that asks for an answer; `None` where none does.

    Thanks ask for none, unless a case begins with them, and take back what was asked before. Statements
    about danger or the law are not taken back.
    """
    asking: list[Statement] = []
    for index, statement in enumerate(sorted(statements, key=lambda statement: statement.at)):
        if statement.is_answered:
            continue
        if index > 0 and statement.kind is MessageKind.THANKS:
            asking = [s for s in asking if s.kind is MessageKind.THANKS or is_kept_until_answered(s)]
        else:
            asking.append(statement)
    return asking[0] if asking else None


def kind_after(earlier: Sequence[Wait], *, was_reopened: bool) -> WaitKind:
    """Return the kind of a case's wait after the `earlier` ones.

    It is for the first answer until a person has answered, or the case was closed. A case may be closed
    while nobody waits; `was_reopened` says that the customer wrote again since.
    """
    is_further = was_reopened or any(wait.answered_at is not None or wait.was_closed for wait in earlier)
    return WaitKind.NEXT if is_further else WaitKind.FIRST


def answered(wait: Wait, message: Message, at: datetime, *, by_offer: bool, office_seconds: float) -> Wait:
    """Return the wait as answered by our `message`, which was sent `at`."""
    return replace(
        wait,
        answered_message_id=message.id,
        answered_at=at,
        answered_by=message.sent_by,
        venue=message.venue,
        by_offer=by_offer,
        office_seconds=office_seconds,
        ended_at=None,
        end_reason=None,
        check_at=None,
    )


def ended(wait: Wait, reason: EndReason, at: datetime, *, office_seconds: float) -> Wait:
    """Return the wait as ended without an answer."""
    return replace(wait, ended_at=at, end_reason=reason, office_seconds=office_seconds, check_at=None)


def resumed(wait: Wait) -> Wait:
    """Return the wait as open again: its end is taken back."""
    return replace(wait, ended_at=None, end_reason=None, office_seconds=None)


def without_answer(wait: Wait, following: Wait | None) -> Wait:
    """Return the wait after its answer turned out not to have arrived: open, or as the `following` one is.

    Its `office_seconds` are to be computed again.
    """
    return replace(
        following
        or Wait(id=0, case_id=wait.case_id, kind=wait.kind, asked_message_id=None, asked_at=wait.asked_at),
        id=wait.id,
        kind=wait.kind,
        asked_message_id=wait.asked_message_id,
        asked_at=wait.asked_at,
        due_at=wait.due_at,
        policy=wait.policy,
        office_seconds=None,
        warned_at=wait.warned_at,
        breached_at=wait.breached_at,
        resolution_due_at=wait.resolution_due_at,
        resolution_policy=wait.resolution_policy,
        resolution_warned_at=wait.resolution_warned_at,
        resolution_breached_at=wait.resolution_breached_at,
    )
