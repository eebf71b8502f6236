"""What the forms for public and private answers show."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.cases.messages import Message
from domain.cases.views import CaseView
from domain.handoffs.handoff import Handoff
from domain.replies.rules_of_engagement import RuleViolation


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A text that can be picked instead of the suggestion."""

    name: str
    title: str
    text: str


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
    violations: Sequence[RuleViolation] = ()
    held_by: str | None = None
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
