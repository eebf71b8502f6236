"""Define the effects on issue trackers, and what is said of them in the team chat."""

from dataclasses import dataclass
from typing import ClassVar

from domain.delivery.effect import Effect, Lane, Safety


@dataclass(frozen=True, slots=True)
class CreateIssue(Effect):
    """Create our stored issue in its tracker.

    `case_id` is the case in which a person asked for it, `None` where it is for a cause.
    """

    issue_id: int
    case_id: int | None
    tracker: str
    attempt: int = 1
    kind: ClassVar[str] = "create_issue"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.RECONCILE
    max_attempts: ClassVar[int | None] = 6
    key_template: ClassVar[str] = "{0.issue_id}:{0.attempt}"
    destination_template: ClassVar[str] = "tracker:{0.tracker}"


@dataclass(frozen=True, slots=True)
class PostIssueChange(Effect):
    """Say in the channel that an issue was closed or opened again; `change` is the number of that change."""

    issue_id: int
    change: int
    channel: str
    kind: ClassVar[str] = "post_issue_change"
    lane: ClassVar[Lane] = Lane.CARD
    safety: ClassVar[Safety] = Safety.RECONCILE
    key_template: ClassVar[str] = "{0.issue_id}:{0.change}:{0.channel}"
    destination_template: ClassVar[str] = "slack:post:{0.channel}"


TRACKER_EFFECTS = (CreateIssue, PostIssueChange)
