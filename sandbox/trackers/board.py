"""The issues of one tracker, whatever its API, and the calls that it still takes."""

import itertools
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from sandbox.faults import Faults
from sandbox.ledger import Ledger

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
MINUTE = 60.0


def utc_now() -> datetime:
    """Return the computer's time."""
    return datetime.now(UTC)


@dataclass(slots=True, kw_only=True)
class IssueOnBoard:
    """An issue. `outcome` is how it was closed, in the tracker's words; empty while it is open."""

    number: int
    id: str
    project: str
    title: str
    body: Any
    created_at: datetime
    updated_at: datetime
    outcome: str = ""
    properties: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What a tracker is called, and its issues' keys and pages, in which `{project}` and `{number}` stand."""

    label: str
    key: str
    list_path: str
    issue_path: str


@dataclass(slots=True)
class Board:
    """One tracker. `outcomes` are the words by which issues are closed there, the one for "fixed" first."""

    system: str
    naming: Naming
    projects: tuple[str, ...]
    outcomes: tuple[str, ...]
    ledger: Ledger
    faults: Faults
    clock: Callable[[], datetime] = utc_now
    limit: int = 5_000  # calls a minute
    issues: dict[tuple[str, int], IssueOnBoard] = field(default_factory=dict)
    _numbers: dict[str, Iterator[int]] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(10_001))
    _calls: deque[datetime] = field(default_factory=deque)

    def admits_call(self) -> bool:
        """Count a call; false where the limit of a minute is reached."""
        now = self.clock()
        while self._calls and (now - self._calls[0]).total_seconds() >= MINUTE:
            self._calls.popleft()
        self._calls.append(now)
        return len(self._calls) <= self.limit

    def create(
        self, project: str, title: str, body: object, *, id_: str = "", properties: Json | None = None
    ) -> IssueOnBoard:
        """Create an issue in a project; raises KeyError where there is none."""
        if project not in self.projects:
            raise KeyError(project)
        number = next(self._numbers.setdefault(project, itertools.count(1)))
        now = self.clock()
        issue = IssueOnBoard(
            number=number,
            id=id_ or str(next(self._ids)),
            project=project,
            title=title,
            body=body,
            created_at=now,
            updated_at=now,
            properties=properties or {},
        )
        self.issues[project, number] = issue
        self.ledger.record(self.system, "create", project=project, number=number, title=title, body=body)
        return issue

    def close(self, issue: IssueOnBoard, outcome: str) -> None:
        """Close an issue as `outcome`, as a developer does; an empty one opens it again."""
        issue.outcome = outcome
        issue.updated_at = self.clock()
        self.ledger.record(self.system, "close", project=issue.project, number=issue.number, outcome=outcome)

    def key(self, issue: IssueOnBoard) -> str:
        """Return the name of an issue that people use."""
        return self.naming.key.format(project=issue.project, number=issue.number)

    def path(self, issue: IssueOnBoard) -> str:
        """Return the path of an issue's page."""
        return self.naming.issue_path.format(project=issue.project, number=issue.number)

    def newest(self) -> list[IssueOnBoard]:
        """Return the issues, the newest first."""
        return list(reversed(self.issues.values()))
