"""What can go wrong in a use case, in words that the person who is waiting can be shown."""


class DeskError(Exception):
    """A refusal that a person reads: what happened, why, and what to do."""


class CaseNotFound(DeskError):
    """The case does not exist (any more)."""

    def __init__(self, case_id: int) -> None:
        super().__init__(
            f"Case {case_id} is not here any more, so nothing was changed. Open App Home for the current queue."
        )
        self.case_id = case_id


class StaleCase(Exception):
    """Another writer changed the case between our read and our write; the use case is run again from the start."""


class Refused(DeskError):
    """The rules do not allow this act on the case as it is now."""
