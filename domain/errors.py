"""Define the errors of use cases. Those that several raise carry facts; a renderer turns them into words."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from domain.venues import Venue

if TYPE_CHECKING:
    from domain.records.audit import Entry


class DeskError(Exception):
    """An act was not done. Raised with a text for the person who asked (what happened, why, what to do next).

    Subclasses with fields of their own have no text: render them, never `str` them.
    """


class UnusableFile(Exception):
    """A configuration file cannot be used; the text says which, where it is wrong, and how to fix it."""


class CaseNotFound(DeskError):
    """The case does not exist, or no longer exists."""

    def __init__(self, case_id: int) -> None:
        super().__init__(case_id)
        self.case_id = case_id


class StaleCase(Exception):
    """Another writer changed the case between our read and our write: the use case is run again.

    `case_id` is set where it is known.
    """

    def __init__(self, what: str = "", *, case_id: int | None = None) -> None:
        super().__init__(what)
        self.case_id = case_id


class Refused(DeskError):
    """The rules do not allow this act in the current state of the case."""


class TooManyConflicts(Refused):
    """Every run of the use case lost to a concurrent write (`StaleCase`), so nothing was done."""


class AssignedToAnother(Refused):
    """Another agent has claimed the case; `assignee` is their user id."""

    def __init__(self, assignee: str, since: datetime | None) -> None:
        super().__init__(assignee, since)
        self.assignee = assignee
        self.since = since


class AlreadyClosed(Refused):
    """The case is resolved or dismissed; `by` is the user id of who closed it."""

    def __init__(self, state: str, by: str | None, at: datetime | None) -> None:
        super().__init__(state, by, at)
        self.state = state
        self.by = by
        self.at = at


class ChangedSince(Refused):
    """The card that was pressed is out of date; `entries` are what others did since it was rendered."""

    def __init__(self, entries: "Sequence[Entry]") -> None:
        super().__init__(entries)
        self.entries = entries


class ConversationElsewhere(Refused):
    """The conversation is not where the reply would be sent; the subclass says what `venue` is."""

    def __init__(self, venue: Venue) -> None:
        super().__init__(venue)
        self.venue = venue


class ConversationMoved(ConversationElsewhere):
    """The conversation has moved to the private `venue` since the form was opened."""


class CustomerInPrivate(ConversationElsewhere):
    """A public reply is not sent, because the customer has arrived in the private `venue`."""


class CustomerLeft(ConversationElsewhere):
    """The customer is no longer in the private `venue`."""
