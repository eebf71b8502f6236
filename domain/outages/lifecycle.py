"""Decide which notices an outage allows in its state, and what a released notice does to the outage."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.errors import Refused
from domain.outages.notices import Notice, NoticeKind, NoticeState
from domain.outages.outage import (
    MAINTENANCE_PHASES,
    OUTAGE_PHASES,
    Outage,
    OutageKind,
    OutageState,
    Phase,
)
from domain.outages.policy import Right
from domain.outages.stated_facts import facts_of

_ALLOWED = {
    OutageState.DRAFT: frozenset({NoticeKind.ANNOUNCEMENT}),
    OutageState.ANNOUNCED: frozenset({NoticeKind.UPDATE, NoticeKind.RESOLUTION, NoticeKind.CORRECTION}),
    OutageState.RESOLVED: frozenset({NoticeKind.REOPENING, NoticeKind.CORRECTION}),
    OutageState.CANCELLED: frozenset[NoticeKind](),
}


class NoticeNotAllowed(Refused):
    """The outage is in a state in which it can have no notice of this kind."""

    def __init__(self, kind: NoticeKind, state: OutageState) -> None:
        super().__init__(kind, state)
        self.kind = kind
        self.state = state


class NoticePending(Refused):
    """Another notice of the outage is being written, or waits for approval."""

    def __init__(self, notice: Notice) -> None:
        super().__init__(notice)
        self.notice = notice


class NoticeSettled(Refused):
    """The notice has left already, or was withdrawn; `notice` is how it stands."""

    def __init__(self, notice: Notice) -> None:
        super().__init__(notice)
        self.notice = notice


class NoticeEdited(Refused):
    """The notice was changed after the approver looked at it."""

    def __init__(self, notice: Notice) -> None:
        super().__init__(notice)
        self.notice = notice


class OutageOpened(Refused):
    """Somebody opened an outage since the form of another one was opened."""

    def __init__(self, outage: Outage) -> None:
        super().__init__(outage)
        self.outage = outage


class OwnApproval(Refused):
    """The approver wrote, changed or submitted the notice."""


class ApprovalNeeded(Refused):
    """The notice was not submitted for approval, and the settings ask for a second person's."""


class RightMissing(Refused):
    """The person lacks a right; `group` has it, the members of the on-call channel where it is empty."""

    def __init__(self, right: Right, group: str = "") -> None:
        super().__init__(right, group)
        self.right = right
        self.group = group


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a Slack user id, what they may do with outages, and which groups may do what."""

    user_id: str
    rights: frozenset[Right]
    groups: Mapping[Right, str] = field(default_factory=dict)

    def require(self, right: Right) -> None:
        """Raise `RightMissing` unless they have the right."""
        if right not in self.rights:
            raise RightMissing(right, self.groups.get(right, ""))


def require_allowed(outage: Outage, kind: NoticeKind, notices: Collection[Notice]) -> None:
    """Raise `NoticeNotAllowed` or `NoticePending` where the outage can have no such notice now."""
    if kind not in _ALLOWED[outage.state]:
        raise NoticeNotAllowed(kind, outage.state)
    for notice in notices:
        if notice.is_pending:
            raise NoticePending(notice)


def require_as_seen(notice: Notice, seen: str) -> None:
    """Raise `NoticeSettled` or `NoticeEdited` unless it is as it was seen; `seen` is the digest of that."""
    if not notice.is_pending:
        raise NoticeSettled(notice)
    if notice.digest != seen:
        raise NoticeEdited(notice)


def require_approvable(notice: Notice, *, by: str, seen: str) -> None:
    """Raise unless this person may approve what they saw; `seen` is the digest of it."""
    require_as_seen(notice, seen)
    if by in notice.authors:
        raise OwnApproval


def phases_for(outage_kind: OutageKind, kind: NoticeKind) -> Sequence[Phase]:
    """Return the phases that a notice may name, the usual one first."""
    is_maintenance = outage_kind is OutageKind.MAINTENANCE
    if kind is NoticeKind.RESOLUTION:
        return (Phase.COMPLETED if is_maintenance else Phase.RESOLVED,)
    return MAINTENANCE_PHASES if is_maintenance else OUTAGE_PHASES


def released(outage: Outage, notice: Notice, *, by: str, now: datetime) -> Outage:
    """Return the outage after the notice was released by `by`.

    Its title, severity, components and planned times are those that the notice states. Whoever wrote that it
    is reopened leads it, as whoever opens one does: who led it before may have gone. Raises
    `NoticeNotAllowed` where the outage changed since the notice was written.
    """
    if notice.kind not in _ALLOWED[outage.state]:
        raise NoticeNotAllowed(notice.kind, outage.state)
    if notice.kind is NoticeKind.CORRECTION:
        return outage.changed()
    facts = notice.facts or facts_of(outage)
    stated: dict[str, object] = {
        "title": facts.title,
        "severity": facts.severity,
        "components": facts.components,
        "starts_at": facts.starts_at or outage.starts_at,
        "ends_at": facts.ends_at or outage.ends_at,
    }
    match notice.kind:
        case NoticeKind.RESOLUTION:
            return outage.changed(
                **stated,
                state=OutageState.RESOLVED,
                phase=notice.phase,
                resolved_at=now,
                resolved_by=by,
                next_update_due=None,
            )
        case NoticeKind.ANNOUNCEMENT | NoticeKind.UPDATE | NoticeKind.REOPENING:
            reopens = notice.kind is NoticeKind.REOPENING
            return outage.changed(
                **stated,
                lead=notice.authors[0] if reopens and notice.authors else outage.lead,
                state=OutageState.ANNOUNCED,
                phase=notice.phase,
                announced_at=outage.announced_at or now,
                resolved_at=None,
                resolved_by=None,
                next_update_due=notice.next_update_due,
            )


def cancelled(outage: Outage) -> Outage:
    """Return the outage, cancelled. Raises `NoticeNotAllowed` once anything has left."""
    if outage.state is not OutageState.DRAFT:
        raise NoticeNotAllowed(NoticeKind.ANNOUNCEMENT, outage.state)
    return outage.changed(state=OutageState.CANCELLED, next_update_due=None)


def begin_of(outage: Outage, notices: Sequence[Notice]) -> datetime:
    """Return when customers begin to feel it: when it was announced, or when a maintenance starts.

    That is as planned, or earlier where a notice says that it has begun.
    """
    announced_at = outage.announced_at or outage.opened_at
    if outage.kind is OutageKind.OUTAGE:
        return announced_at
    begun = [
        notice.approved_at
        for notice in notices
        if notice.approved_at is not None
        and notice.state is NoticeState.APPROVED
        and notice.phase is not Phase.SCHEDULED
    ]
    return min([outage.starts_at or announced_at, *begun])
