"""Build the time line of an outage from its audit trail, for the post-mortem."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.delivery.pause import Pause
from domain.outages.bulk_answers import BulkPurpose
from domain.outages.notices import Notice
from domain.outages.outage import Outage
from domain.outages.stated_facts import Fact, FactChange
from domain.records.audit import SYSTEM, Action, Entry
from domain.surge.series import Series
from domain.surge.spikes import Spike

#: Entries that say nothing of what happened to customers or to notices.
_LEFT_OUT = frozenset({Action.OUTAGE_LINKED, Action.OUTAGE_UNLINKED})
_WITH_WORDS = frozenset({Action.NOTICE_APPROVED})


class Milestone(StrEnum):
    """What happened without an entry in the audit trail: unusually many posts, and the alert of them."""

    SPIKE_BEGAN = "spike_began"
    SPIKE_FOUND = "spike_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent:
    """One thing that happened. `notice` is what it is about; `says` are its words, where they left.

    `times` counts repetitions in a row by the same person, such as edits. `destination`, `language`, `reason`
    and `to` are empty where there is none. `changes` are those of the outage's facts, written by `authors`.
    `series` is what the posts of a spike are about. `people` are those whom a bulk answer with this `purpose`
    is for, or who get none since it was stopped; `None` where that is not known.
    """

    at: datetime
    actor: str
    action: Action | Milestone
    notice: Notice | None = None
    says: str = ""
    destination: str = ""
    language: str = ""
    reason: str = ""
    to: str = ""
    times: int = 1
    changes: tuple[FactChange, ...] = ()
    authors: tuple[str, ...] = ()
    series: Series | None = None
    people: int | None = None
    purpose: BulkPurpose = BulkPurpose.ANSWER


def timeline_of(
    entries: Sequence[Entry],
    notices: Sequence[Notice],
    *,
    pauses: Sequence[Pause] = (),
    spikes: Sequence[Spike] = (),
) -> tuple[TimelineEvent, ...]:
    """Return what happened, oldest first; repetitions in a row are one event, at the time of the first.

    `pauses` are those of all sending while it lasted, `spikes` those that come from it.
    """
    others = [*map(_paused, pauses), *filter(None, map(_resumed, pauses))]
    others += [event for spike in spikes for event in _spike_events(spike)]
    return tuple(sorted([*_events(entries, notices), *others], key=lambda event: event.at))


def _paused(pause: Pause) -> TimelineEvent:
    return TimelineEvent(at=pause.paused_at, actor=pause.paused_by, action=Action.SENDING_PAUSED)


def _resumed(pause: Pause) -> TimelineEvent | None:
    if pause.resumed_at is None or pause.resumed_by is None:
        return None
    return TimelineEvent(at=pause.resumed_at, actor=pause.resumed_by, action=Action.SENDING_RESUMED)


def _spike_events(spike: Spike) -> list[TimelineEvent]:
    moments = {Milestone.SPIKE_BEGAN: spike.since, Milestone.SPIKE_FOUND: spike.found_at}
    return [
        TimelineEvent(at=at, actor=SYSTEM, action=milestone, series=spike.series)
        for milestone, at in moments.items()
    ]


def _events(entries: Sequence[Entry], notices: Sequence[Notice]) -> list[TimelineEvent]:
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
    return events


def duration_minutes(outage: Outage) -> int | None:
    """Return for how long customers were told of it; `None` while it goes on or was never announced."""
    if outage.announced_at is None or outage.resolved_at is None:
        return None
    return round((outage.resolved_at - outage.announced_at).total_seconds() / 60)


def _event(entry: Entry, notices: dict[int, Notice]) -> TimelineEvent:
    detail = entry.detail
    number = detail.get("notice")
    notice = notices.get(number) if isinstance(number, int) else None
    says = notice.words if notice is not None and entry.action in _WITH_WORDS else ""
    return TimelineEvent(
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        notice=notice,
        says=says,
        destination=str(detail.get("destination") or ""),
        language=str(detail.get("language") or ""),
        reason=str(detail.get("reason") or ""),
        to=str(detail.get("to") or ""),
        changes=tuple(
            FactChange(fact=Fact(name), before=change["from"], after=change["to"])
            for name, change in detail.get("changes", {}).items()
        ),
        authors=tuple(detail.get("authors", ())) if entry.action is Action.OUTAGE_CHANGED else (),
        people=detail.get("customers", detail.get("left")),
        purpose=BulkPurpose(detail.get("purpose", BulkPurpose.ANSWER)),
    )


def _is_repetition(last: TimelineEvent, event: TimelineEvent) -> bool:
    return event.action is Action.NOTICE_EDITED and (last.action, last.actor, last.notice) == (
        event.action,
        event.actor,
        event.notice,
    )
