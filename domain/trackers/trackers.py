"""Define issue trackers: the profile of each, its client protocol, and the connected ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.delivery.outcomes import Finding, Outcome
from domain.delivery.pacing import Pace
from domain.diagnostics import CheckLine
from domain.trackers.issues import IssueState

#: Issues that one call of `Tracker.read` takes.
MAX_BATCH = 50
#: GitHub asks for a second between requests that create; the others allow more.
CREATE_PACE = Pace(timedelta(seconds=2), burst=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerProfile:
    """Static facts about a tracker.

    `name` is the stored identifier, `label` the display name. `key_example` is how it writes an issue.
    `settles_after` is how long after a request it may take until a search finds the new issue.
    """

    name: str
    label: str
    key_example: str
    max_title_length: int = 255
    settles_after: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingIssue:
    """An issue as a tracker gets it.

    `reference` (a UUID) is unique to the issue and the same at each attempt: it is stored on the other side
    to find the issue again. `text` is plain, with lines that begin with ">" for quotes of customers.
    `thread_url` leads to the case's thread; `None` where that is not to be linked.
    """

    reference: str
    project: str
    title: str
    text: str
    thread_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedIssue:
    """An issue as a tracker has it now. `state_name` is the tracker's own word, such as "Duplicate"."""

    id: str
    key: str
    url: str
    title: str
    project: str
    state: IssueState
    state_name: str


class TrackerUnavailable(Exception):
    """A tracker could not be read. `wait` is how long it asks to be left alone, `None` where it does not.

    `passes` is false where a person has to do something, such as to renew a token.
    """

    def __init__(self, reason: str, *, wait: timedelta | None = None, passes: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait
        self.passes = passes


class Tracker(Protocol):
    """A client of one tracker. `Done.result` of `create` and `find` holds "id", "key" and "url"."""

    @property
    def projects(self) -> Sequence[str]:
        """Return the projects in which issues are created; the first is proposed."""
        ...

    async def create(self, issue: OutgoingIssue) -> Outcome:
        """Create an issue."""
        ...

    async def find(self, issue: OutgoingIssue, *, since: datetime) -> Finding:
        """Look on the other side for this issue by its reference, to reconcile an unknown outcome."""
        ...

    async def read(self, ids: Sequence[str], *, since: datetime | None) -> list[TrackedIssue]:
        """Read at most `MAX_BATCH` issues; those that did not change since then may be left out.

        Those that do not exist are left out. Raises `TrackerUnavailable`.
        """
        ...

    def recognise(self, text: str) -> str | None:
        """Return the issue that a URL or key of this tracker names, for `look_up`; `None` for others."""
        ...

    async def look_up(self, named: str) -> TrackedIssue | None:
        """Read the issue that `recognise` found; `None` if there is none. Raises `TrackerUnavailable`."""
        ...

    async def probe(self) -> list[CheckLine]:
        """Run the `check` command's diagnostics."""
        ...

    async def close(self) -> None:
        """Close its connections."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectedTracker:
    """A configured tracker: its profile and its client."""

    profile: TrackerProfile
    client: Tracker


class Trackers(Mapping[str, ConnectedTracker]):
    """The connected trackers by name, in the order in which forms list them."""

    def __init__(self, connected: Sequence[ConnectedTracker] = ()) -> None:
        self._connected = {tracker.profile.name: tracker for tracker in connected}

    def __getitem__(self, name: str) -> ConnectedTracker:
        return self._connected[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._connected)

    def __len__(self) -> int:
        return len(self._connected)

    def label(self, name: str) -> str:
        """Return a tracker's display name, also of one that is no longer set up."""
        connected = self._connected.get(name)
        return connected.profile.label if connected is not None else name.capitalize()
