"""Define the report of topics, and the view of who waits for a cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.cases.case import Case
from domain.causes.cause import Cause
from domain.causes.topics import TopicPost
from domain.causes.trends import TopicFigures
from domain.reports.filters import Filters
from domain.reports.periods import Period
from domain.reports.summaries import NothingChosen


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTopic:
    """A topic with example posts and their cases; `name` is a model's, empty where none named it."""

    figures: TopicFigures
    examples: tuple[tuple[TopicPost, Case], ...] = ()
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class TopicReport:
    """The topics of a period, those of most people first.

    `posts` counts those that were looked at; `since` is later than the period's beginning where it has more
    posts than are looked at. `named_by` is the model that named the topics, empty where none did.
    `nothing` says why, where filters choose no case of the period.
    """

    period: Period
    filters: Filters
    topics: Sequence[NamedTopic]
    posts: int
    since: datetime
    named_by: str = ""
    nothing: NothingChosen | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCase:
    """A case whose customer waits: their newest words, and the title of the saved reply that is proposed.

    `proposed` is empty where none fits.
    """

    case: Case
    words: str
    proposed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingView:
    """The cases of a cause that wait for us, the longest first; `count` is how many there are."""

    cause: Cause
    cases: tuple[WaitingCase, ...]
    count: int
