"""What is shown of a case: everything a renderer needs, read in one go, so that rendering asks for nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from domain.cases.case import Case
from domain.cases.files import File
from domain.cases.messages import Message
from domain.chat.rating import Satisfaction
from domain.handoffs.handoff import Handoff
from domain.records.audit import Entry
from domain.triage.drafts import Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as its card shows it.

    `messages` is the transcript's newest part, oldest first. `contacts` counts the author's cases of the last 30 days, this one
    included. `answer` is our newest message, or one that somebody must say of whether it was sent. `handoff` is where the conversation is, or is expected, if not in public;
    where it is neither, the newest one that expired or came back. `offered` is where else they are expected while they are there.
    `opted_out`: they have asked for no direct messages.
    """

    case: Case
    messages: Sequence[Message]
    suggestion: Suggestion | None
    contacts: int
    answer: Message | None = None
    handoff: Handoff | None = None
    offered: Handoff | None = None
    opted_out: bool = False


SATISFIED_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeView:
    """What App Home shows one person. `chosen` is the filter that is on; `satisfaction` is of the last `SATISFIED_WITHIN`."""

    user_id: str
    mine: Sequence[Case]
    unclaimed: Sequence[Case]
    due_soon: Sequence[Case]
    waiting: Sequence[Case]
    counts: dict[str, int] = field(default_factory=dict)
    chosen: str = "all"
    satisfaction: Satisfaction | None = None
    troubles: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadView:
    """What a case's thread has yet to tell: entries of the trail, with the messages that they speak of."""

    case: Case
    entries: Sequence[Entry]
    messages: dict[int, Message]
    files: dict[int, list[File]] = field(default_factory=dict)
    handoff: Handoff | None = None
