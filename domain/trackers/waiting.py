"""Define who still waits for an issue, once it was closed or opened again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.cases.next_step import ListedCase
from domain.trackers.issues import Issue


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCase:
    """A case that waits for an issue, and the answer that is proposed; empty where none is."""

    listed: ListedCase
    proposed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueNews:
    """An issue whose state changed.

    `waiting` are the first of the active cases in which the customer was told nothing since, and has not
    thanked us instead; `count` is how many there are, and `people` how many customers, each once. `thanked`
    counts the active cases whose customers thanked us, `closed_cases` the linked cases that are closed.
    """

    issue: Issue
    waiting: tuple[WaitingCase, ...]
    count: int
    people: int
    thanked: int
    closed_cases: int

    @property
    def rows(self) -> list[ListedCase]:
        """The waiting cases, as lists show them."""
        return [one.listed for one in self.waiting]

    def with_rows(self, rows: Sequence[ListedCase]) -> "IssueNews":
        """Return the same with these rows for the waiting cases, such as masked ones."""
        pairs = zip(self.waiting, rows, strict=True)
        return replace(self, waiting=tuple(replace(one, listed=row) for one, row in pairs))
