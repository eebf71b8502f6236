"""Define who still waits for an issue, once it was closed or opened again."""

from dataclasses import dataclass

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

    `waiting` are the active cases in which the customer was told nothing since; `people` counts their
    customers, each once. `closed_cases` counts the linked cases that are closed.
    """

    issue: Issue
    waiting: tuple[WaitingCase, ...]
    people: int
    closed_cases: int
