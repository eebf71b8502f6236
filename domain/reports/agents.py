"""Define the figures of each agent. What each counts is in docs/figures.md."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.reports.figures import SuggestionUse


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The answers of an agent, given in a period.

    `first` and `next` are after how many seconds. `in_target` came when they were due or before, `late`
    after it. `solving` offered no other venue; after the `still_broken` of them, the customer asked again
    within a day.
    """

    first: Sequence[float] = ()
    next: Sequence[float] = ()
    in_target: int = 0
    late: int = 0
    solving: int = 0
    still_broken: int = 0

    @property
    def count(self) -> int:
        """How many."""
        return len(self.first) + len(self.next)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFigures:
    """The figures of one agent in a period; `held` are the cases that they hold now.

    `reopened` of the `resolved` cases were opened again within `REPEAT_WITHIN`. `rated` are those of chats
    in their cases.
    """

    agent: str
    answers: Answers = Answers()
    held: int = 0
    suggestions: SuggestionUse = field(default_factory=SuggestionUse)
    resolved: int = 0
    reopened: int = 0
    rated: int = 0
    rated_solved: int = 0
