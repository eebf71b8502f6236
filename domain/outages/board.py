"""Define the view of an outage that its board shows."""

from dataclasses import dataclass
from datetime import datetime

from domain.delivery.pause import Pause
from domain.outages.board_lines import BoardLine
from domain.outages.bulk_answers import BulkState, BulkView
from domain.outages.current_notices import CurrentNotice, newest_notice
from domain.outages.notices import Notice, PublicationState
from domain.outages.outage import Outage
from domain.outages.standing import StandingNotice
from domain.outages.truth_meter import TruthMeter


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """An outage with its notices, oldest first, and one or two lines for each destination.

    `linked` counts the linked cases, `proposed` those that a person is to look at; `waiting_since` is since
    when the linked customer waits who waits longest. `reports` counts the posts about it in each ten minutes,
    oldest first. `bulks` are its bulk answers, oldest first. `truth` is measured for two hours after it was
    resolved.
    `lead_left`: who leads it was deactivated in the team chat. `standing` is what stands at destinations,
    `correctable` are the notices that can be corrected, both newest first.
    """

    outage: Outage
    notices: tuple[Notice, ...]
    lines: tuple[BoardLine, ...]
    pause: Pause | None = None
    linked: int = 0
    proposed: int = 0
    waiting_since: datetime | None = None
    reports: tuple[int, ...] = ()
    bulks: tuple[BulkView, ...] = ()
    truth: TruthMeter | None = None
    lead_left: bool = False
    standing: tuple[StandingNotice, ...] = ()
    correctable: tuple[CurrentNotice, ...] = ()

    @property
    def pending(self) -> Notice | None:
        """The notice that is being written or waits for approval."""
        return next((notice for notice in self.notices if notice.is_pending), None)

    @property
    def retractable(self) -> tuple[StandingNotice, ...]:
        """What can be deleted at a destination, the newest first."""
        return tuple(one for one in self.standing if one.is_retractable)

    @property
    def holds_notices(self) -> bool:
        """Whether a pause holds a notice that has not left, or the rest of a mailing."""
        waits = any(line.publication.state is PublicationState.QUEUED for line in self.lines)
        return (waits or self.holds_mailing) and self.pause is not None

    @property
    def holds_mailing(self) -> bool:
        """Whether a mailing has begun and has not ended."""
        return any(line.publication.is_being_mailed for line in self.lines)

    @property
    def running_bulk(self) -> BulkView | None:
        """The bulk answer that is being sent."""
        return next((view for view in self.bulks if view.bulk.state is BulkState.RUNNING), None)

    @property
    def newest(self) -> Notice | None:
        """What the newest notice that has left says now."""
        return newest_notice(self.notices)
