"""Build the time line of an outage from its audit trail, for the post-mortem."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.outages.notices import Notice
from domain.outages.outage import Outage
from domain.outages.stated_facts import Fact, FactChange
from domain.records.audit import Action, Entry

#: Entries that say nothing of what happened to customers or to notices.
_LEFT_OUT = frozenset({Action.OUTAGE_LINKED, Action.OUTAGE_UNLINKED})
_WITH_WORDS = frozenset({Action.NOTICE_APPROVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent:
    """One thing that happened. `notice` is what it is about; `says` are its words, where they left.

    `times` counts repetitions in a row by the same person, such as edits. `destination`, `reason` and `to`
    are empty where there is none. `changes` are those of the outage's facts, written by `authors`.
    """

    at: datetime
    actor: str
    action: Action
    notice: Notice | None = None
    says: str = ""
    destination: str = ""
    reason: str = ""
    to: str = ""
    times: int = 1
    changes: tuple[FactChange, ...] = ()
    authors: tuple[str, ...] = ()


def timeline_of(entries: Sequence[Entry], notices: Sequence[Notice]) -> tuple[TimelineEvent, ...]:
    """Return what happened, oldest first; repetitions in a row are one event, at the time of the first."""
    by_id = {notice.id: notice for notice in notices}
    events: list[TimelineEvent] = []
    for entry in entries:
        if entry.action in _LEFT_OUT:
            continue
        event = _event(entry, by_id)
        if events and _is_repetition(events[-1], event):
            last = events.pop()
            event = TimelineEvent(
                at=last.at, actor=last.actor, action=last.action, notice=last.notice, times=last.times + 1
            )
        events.append(event)
    return tuple(events)


def duration_minutes(outage: Outage) -> int | None:
    """Return for how long customers were told of it; `None` while it goes on or was never announced."""
    if outage.announced_at is None or outage.resolved_at is None:
        return None
    return round((outage.resolved_at - outage.announced_at).total_seconds() / 60)


def _event(entry: Entry, notices: dict[int, Notice]) -> TimelineEvent:
    detail = entry.detail
    number = detail.get("notice")
    notice = notices.get(number) if isinstance(number, int) else None
    says = notice.versions[0].problem if notice is not None and entry.action in _WITH_WORDS else ""
    return TimelineEvent(
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        notice=notice,
        says=says,
        destination=str(detail.get("destination") or ""),
        reason=str(detail.get("reason") or ""),
        to=str(detail.get("to") or ""),
        changes=tuple(
            FactChange(fact=Fact(name), before=change["from"], after=change["to"])
            for name, change in detail.get("changes", {}).items()
        ),
        authors=tuple(detail.get("authors", ())) if entry.action is Action.OUTAGE_CHANGED else (),
    )


def _is_repetition(last: TimelineEvent, event: TimelineEvent) -> bool:
    return event.action is Action.NOTICE_EDITED and (last.action, last.actor, last.notice) == (
        event.action,
        event.actor,
        event.notice,
    )
