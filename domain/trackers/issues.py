"""Define issues: their states, and what follows where one changes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import Refused

MAX_TEXT_LENGTH = 3000
#: How long a closed issue is followed, in case it is opened again.
FOLLOWED_AFTER_CLOSING = timedelta(days=60)


class IssueState(StrEnum):
    """What an issue is, whatever its tracker calls that.

    `DROPPED` is closed without a fix: not planned, a duplicate, cancelled. `GONE` was open when the tracker
    ceased to show it to us: it was deleted, moved, or hidden.
    """

    OPEN = "open"
    FIXED = "fixed"
    DROPPED = "dropped"
    GONE = "gone"

    @property
    def is_closed(self) -> bool:
        """Whether nobody works on it any more."""
        return self is not IssueState.OPEN


class Creation(StrEnum):
    """How far the creation of an issue is. `LINKED` ones were not created by us."""

    QUEUED = "queued"
    UNSURE = "unsure"
    FAILED = "failed"
    CREATED = "created"
    LINKED = "linked"

    @property
    def exists(self) -> bool:
        """Whether the issue is known to be there."""
        return self in {Creation.CREATED, Creation.LINKED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One issue that cases are linked to.

    `reference` is our own, which the tracker keeps; `external_id`, `key` and `url` are the tracker's, empty
    until it exists. `text` is dropped once it exists. `changes` counts the changes of its state that were
    told; `changed_at` is when the last was seen. `error` is why its creation failed, or is not certain.
    """

    id: int
    tracker: str
    project: str
    reference: str
    title: str
    text: str
    creation: Creation
    state: IssueState
    created_by: str
    created_at: datetime
    external_id: str = ""
    key: str = ""
    url: str = ""
    state_name: str = ""
    thread_url: str | None = None
    changes: int = 0
    changed_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueSubject:
    """What an issue is created for: a case or a cause."""

    case_id: int | None = None
    cause_id: int | None = None


class NoTitle(Refused):
    """An issue has no title."""


class WordsErased(Refused):
    """A customer was erased or a post redacted while a form was open that may quote them."""


class NotAnIssue(Refused):
    """A text is neither URL nor key of an issue in a tracker that is set up."""


class IssueNotFound(Refused):
    """No issue of that URL or key is there, or the tracker does not show it to us."""


class AlreadyLinked(Refused):
    """The case is linked to this issue already."""


class NotLinked(Refused):
    """The case is not linked to this issue."""
