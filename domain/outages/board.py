"""Define the view of an outage that its board shows."""

from dataclasses import dataclass

from domain.delivery.pause import Pause
from domain.outages.destinations import DestinationProfile
from domain.outages.notices import Notice, NoticeState, Publication
from domain.outages.outage import Outage


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLine:
    """What became of the newest notice at one destination, in one language."""

    profile: DestinationProfile
    publication: Publication


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """An outage with its notices, oldest first, and a line for each destination.

    `linked` counts the linked cases. `reports` counts the posts about it in each ten minutes, oldest first.
    `lead_left`: who leads it was deactivated in the team chat.
    """

    outage: Outage
    notices: tuple[Notice, ...]
    lines: tuple[BoardLine, ...]
    pause: Pause | None = None
    linked: int = 0
    reports: tuple[int, ...] = ()
    lead_left: bool = False

    @property
    def pending(self) -> Notice | None:
        """The notice that is being written or waits for approval."""
        return next((notice for notice in self.notices if notice.is_pending), None)

    @property
    def newest(self) -> Notice | None:
        """The newest notice that has left."""
        gone = (notice for notice in reversed(self.notices) if notice.state is NoticeState.APPROVED)
        return next(gone, None)
