"""Define internal notes: what colleagues write about a case, which never reaches the customer."""

from dataclasses import dataclass
from datetime import datetime

from domain.errors import Refused

MAX_LENGTH = 2000


class EmptyNote(Refused):
    """A note has no text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note; `author` is a Slack user id."""

    case_id: int
    author: str
    text: str
    at: datetime
    id: int = 0
