"""Define why a saved reply was not saved."""

from collections.abc import Sequence

from domain.errors import Refused
from domain.knowledge.reply_checks import ReplyFault
from domain.knowledge.saved_replies import ReplyVersion


class ReplyNotFound(Refused):
    """There is no saved reply of that name."""


class NothingSent(Refused):
    """No answer was sent in the case, so there is none to save."""


class ReplyChanged(Refused):
    """Somebody else has changed the reply since it was shown.

    `current` is their version, `shown` the one that was shown, `None` where that is not known any more.
    """

    def __init__(self, current: ReplyVersion, shown: ReplyVersion | None) -> None:
        super().__init__(current, shown)
        self.current = current
        self.shown = shown


class ReplyFaulty(Refused):
    """The reply cannot be saved as it is; `faults` say why."""

    def __init__(self, faults: Sequence[ReplyFault]) -> None:
        super().__init__(faults)
        self.faults = faults
