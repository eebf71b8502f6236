"""What can go wrong in a use case, in words that the person who is waiting can be shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.records.audit import Entry


class DeskError(Exception):
    """A refusal that a person reads: what happened, why, and what to do."""


class UnusableFile(Exception):
    """A file that people edit cannot be used; the text says which, where it is wrong, and what to do."""


class CaseNotFound(DeskError):
    """The case does not exist (any more)."""

    def __init__(self, case_id: int) -> None:
        super().__init__(
            f"Nothing was changed: case {case_id} is not here any more. Open App Home for the current queue."
        )
        self.case_id = case_id


class StaleCase(Exception):
    """Another writer changed the case between our read and our write; the use case is run again from the start.

    `case_id` is the case's, where it is known.
    """

    def __init__(self, what: str = "", *, case_id: int | None = None) -> None:
        super().__init__(what)
        self.case_id = case_id


class Refused(DeskError):
    """The rules do not allow this act on the case as it is now."""


class Crowded(Refused):
    """Others changed the case each time that we were about to; nothing was done."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was done: others were changing this case at the same moment. Look at the card, then press again."
        )


class HeldByAnother(Refused):
    """Somebody else has claimed the case; `holder` is their user id."""

    def __init__(self, holder: str, since: datetime | None) -> None:
        super().__init__("Nothing was changed: somebody else has claimed this case. Take it over first.")
        self.holder = holder
        self.since = since


class AlreadyClosed(Refused):
    """The case was resolved or dismissed; `by` is the user id of whoever did it."""

    def __init__(self, state: str, by: str | None, at: datetime | None) -> None:
        super().__init__(f"Nothing was changed: this case is {state}. Press Reopen first.")
        self.state = state
        self.by = by
        self.at = at


class ChangedSince(Refused):
    """The card that was pressed is out of date; `entries` are what others did since it was drawn."""

    def __init__(self, entries: "Sequence[Entry]") -> None:
        super().__init__(
            "Nothing was changed: the case has moved on since this card was drawn. Look at the card again, then press again."
        )
        self.entries = entries
