"""Define the examples that the desk has taught: what a person said that a customer's message is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.cases.case import Case
from domain.cases.case_assessment import deciding_message
from domain.cases.messages import Direction, Message
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation

#: Examples that are shown at a time.
PAGE_SIZE = 20


class Origin(StrEnum):
    """How an example came: by the form of a correction, or by closing a case as *Not a request*."""

    CORRECTION = "correction"
    DISMISSAL = "dismissal"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskExample:
    """A message with the labels that a person gave it; at most one for each message.

    It holds no words of the message. `situation` is `None` where the person said nothing of it.
    `read_situation` and `read_urgency` are what the bot had read.
    """

    case_id: int
    message_id: int
    origin: Origin
    urgency: Urgency
    request: bool
    read_situation: Situation
    read_urgency: Urgency
    taught_by: str
    at: datetime
    situation: Situation | None = None
    id: int = 0


def correction_example(
    message: Message, read: Assessment, corrected: Assessment, *, user_id: str, now: datetime
) -> DeskExample:
    """Return the example that a correction makes; `read` is the assessment before it."""
    return DeskExample(
        case_id=message.case_id,
        message_id=message.id,
        origin=Origin.CORRECTION,
        situation=corrected.situation,
        urgency=corrected.urgency,
        request=bool(corrected.request),
        read_situation=read.situation,
        read_urgency=read.urgency,
        taught_by=user_id,
        at=now,
    )


def dismissal_example(
    case: Case, messages: Sequence[Message], *, user_id: str, now: datetime
) -> DeskExample | None:
    """Return the example that *Not a request* makes: the message wants nothing, whatever it is about.

    `None` where we have answered, so that the case was a request once, and where a person has said what the
    message is about.
    """
    message = deciding_message(case, messages)
    if message is None or any(m.direction is Direction.OUT for m in messages):
        return None
    read = message.assessment or case.assessment
    if read.is_corrected:
        return None
    return DeskExample(
        case_id=case.id,
        message_id=message.id,
        origin=Origin.DISMISSAL,
        urgency=Urgency.LOW,
        request=False,
        read_situation=read.situation,
        read_urgency=read.urgency,
        taught_by=user_id,
        at=now,
    )


@dataclass(frozen=True, slots=True)
class ExamplesState:
    """Identify a set of stored examples: their number, and when the newest was taught.

    Ids would not do: SQLite gives that of a deleted row again.
    """

    count: int = 0
    newest_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How many of `count` posts were read right before, and how many after the training.

    `lost` are those that were right before only, `won` those that are right after only.
    """

    name: str
    count: int
    before: int
    lost: int
    won: int

    @property
    def after(self) -> int:
        """How many are read right after the training."""
        return self.before - self.lost + self.won


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """One training of the heads on the desk's examples, and what it came to.

    `base` identifies the heads that it started from. `heads` are the trained ones, as text; `None` where they
    are not used (any more), or where there was nothing to learn.
    """

    at: datetime
    asked_by: str
    base: str
    learnt_from: ExamplesState
    accepted: bool
    comparisons: Sequence[Comparison] = ()
    heads: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaughtExample:
    """An example with its message's text and language (empty where it is not known)."""

    example: DeskExample
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaughtView:
    """All that is shown of what the desk has taught.

    `by_person` are (user id, number of examples), the most first. `newest` are the newest examples after
    `skipped` newer ones.
    `training` is the last one, `current` identifies the examples that are stored now.
    """

    corrections: int
    dismissals: int
    by_person: Sequence[tuple[str, int]]
    newest: Sequence[TaughtExample]
    training: Training | None
    current: ExamplesState
    can_learn: bool
    is_learning: bool = False
    skipped: int = 0

    @property
    def older(self) -> int:
        """How many examples are older than those that are shown."""
        return max(self.current.count - self.skipped - len(self.newest), 0)
