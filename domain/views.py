"""What is shown of a case: everything a renderer needs, read in one go, so that rendering asks for nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from domain.audit import Entry
from domain.cases import Case
from domain.drafts import Suggestion
from domain.files import File
from domain.handoffs import Handoff
from domain.messages import Message
from domain.ratings import Satisfaction
from domain.venues import Venue


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A text that can be picked instead of the suggestion."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A broken rule of engagement. A hard one blocks; a soft one asks "send anyway?"."""

    rule: str
    reason: str
    hard: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerForm:
    """What the Answer form shows.

    `text` is what stands in the box, `length` and `limit` its count by the network. `seen` is the newest customer message
    that the person has been shown; `news` are those that came since they began to write.
    `held_by` is set where somebody else has claimed the case.
    """

    view: CaseView
    text: str
    length: int
    limit: int
    seen: int
    options: Sequence[Option] = ()
    news: Sequence[Message] = ()
    findings: Sequence[Finding] = ()
    held_by: str | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueChoice:
    """A venue that a case could be moved to. `why_not` says in words why it cannot; `None` where it can."""

    venue: Venue
    why_not: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveForm:
    """What the form for a move shows.

    `text` is the line that tells the customer, and `via` where it is written: in public, in the private venue where the conversation is, or already in
    the chosen one, where we may write there. `link` is what the line must carry, empty where it needs none. `cost` is what the network charges for
    a public line, in US dollars. `goes_elsewhere` is true where the text would be read elsewhere than the form said at first. `address` is the e-mail address that an agent typed. `nonce` makes the link this hand-off's. `seen`, `news`,
    `findings`, `held_by` and `revision` are as in `AnswerForm`.
    """

    view: CaseView
    choices: Sequence[VenueChoice]
    chosen: Venue
    text: str
    length: int
    limit: int
    seen: int
    nonce: str
    via: Venue = Venue.PUBLIC
    link: str = ""
    cost: float | None = None
    address: str = ""
    news: Sequence[Message] = ()
    findings: Sequence[Finding] = ()
    held_by: str | None = None
    goes_elsewhere: bool = False
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateForm:
    """What the form for a private answer shows: where it goes, to whom, and whether they are known to be the public author."""

    view: CaseView
    handoff: Handoff
    text: str
    limit: int
    seen: int
    news: Sequence[Message] = ()
    revision: int = 0


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
