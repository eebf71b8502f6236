"""Remind people of updates that are due or late, of planned work, and of approvals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.delivery.effects import Alert
from domain.delivery.outage_effects import UpdateBoard
from domain.outages.notices import Notice, NoticeState
from domain.outages.outage import Outage, OutageKind, Phase
from domain.outages.policy import OutagePolicy
from domain.records.audit import Action
from handlers.cases.alerts import channel_name
from storage.unit_of_work import UnitOfWork

REMIND_BEFORE = timedelta(minutes=5)
#: How long after a notice was sent for approval people are reminded that it waits.
APPROVAL_AFTER = timedelta(minutes=5)
#: How late something is when people are reminded again: doubled each time, to once a day.
LATE_AGAIN = timedelta(minutes=15)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Reminder:
    """What is told of one moment of an outage; to the on-call channel as well where it is late.

    `late_by` is how late it was when this was to be told; `None` where it is not.
    """

    name: str
    moment: datetime
    text: str
    late_by: timedelta | None = None

    @property
    def key(self) -> str:
        """The part of the deduplication key that tells it from the outage's other reminders."""
        again = f":{_minutes_of(self.late_by)}" if self.late_by else ""
        return f"{self.name}:{self.moment:%Y%m%dT%H%M%S}{again}"


def leads_of_open(uow: UnitOfWork) -> frozenset[str]:
    """Return the Slack user ids of those who lead an open outage."""
    return frozenset(outage.lead for outage in uow.outages.open())


def remind_leads(uow: UnitOfWork, *, policy: OutagePolicy, left: Mapping[str, str], now: datetime) -> None:
    """Enqueue the reminders that are due by now, each once; of what stays late again, ever more rarely.

    `left` are the names of leads who were deactivated in the team chat, by their user ids: in their place the
    on-call channel is told.
    """
    for outage in uow.outages.open():
        if outage.lead in left:
            text = (
                f"“{outage.title}” is led by {left[outage.lead] or 'somebody'}, who is no longer in Slack. "
                f"Choose ⋯ Hand over the lead… on its board in {channel_name(policy.oncall_channel)}."
            )
            key = f"outage:{outage.id}:lead_left:{outage.lead}"
            alert = Alert(text, key, policy.oncall_channel, outage.id)
            uow.outbox.add([alert, UpdateBoard(outage.id)], now=now)
    for outage in uow.outages.due(now + REMIND_BEFORE):
        pending = next((one for one in uow.notices.of_outage(outage.id) if one.is_pending), None)
        for reminder in _due(outage, pending, policy, now):
            to = set() if outage.lead in left else {outage.lead}
            if reminder.late_by is not None or not to:
                to.add(policy.oncall_channel)
            key = f"outage:{outage.id}:{reminder.key}"
            uow.outbox.add(
                [Alert(reminder.text, f"{key}:{channel}", channel, outage.id) for channel in sorted(to)],
                now=now,
            )


def remind_of_approvals(uow: UnitOfWork, *, policy: OutagePolicy, now: datetime) -> None:
    """Alert the on-call channel of notices that nobody has approved yet, once for each version.

    They were asked for in the thread of the board, of which nobody is notified who did not write there.
    """
    for notice in uow.notices.waiting(now - APPROVAL_AFTER):
        if _submitted_at(uow, notice) > now - APPROVAL_AFTER:
            continue
        outage = uow.outages.get(notice.outage_id)
        text = (
            f"“{outage.title}”: its {notice.kind} waits for approval, and nothing of it has left. "
            "Press “Review…” on its board. Who wrote it cannot approve it."
        )
        key = f"outage:{outage.id}:waits:{notice.id}:{notice.version}"
        uow.outbox.add([Alert(text, key, policy.oncall_channel, outage.id)], now=now)


def _submitted_at(uow: UnitOfWork, notice: Notice) -> datetime:
    """Return when a notice was last sent for approval, by the audit trail; when it was begun without it."""
    times = [
        entry.at
        for entry in uow.audit.of_outage(notice.outage_id)
        if entry.action is Action.NOTICE_SUBMITTED and entry.detail.get("notice") == notice.id
    ]
    return max(times, default=notice.created_at)


def _due(outage: Outage, pending: Notice | None, policy: OutagePolicy, now: datetime) -> Iterator[_Reminder]:
    where = f"on its board in {channel_name(policy.oncall_channel)}"
    if (due := outage.next_update_due) is not None:
        needed = _needed(f"Press Post update… {where}", pending, where)
        if due <= now:
            ends = "Finish…" if outage.kind is OutageKind.MAINTENANCE else "Resolve…"
            or_else = f", or {ends}" if pending is None else "."
            late_by = _late_by(due, now)
            late = f"{_length(now - due)} late" if late_by else "late"
            text = f"“{outage.title}”: the promised update is {late}. {needed}{or_else}"
            yield _Reminder("late", due, text, late_by)
        elif due - REMIND_BEFORE <= now:
            left = _minutes(due - now)
            yield _Reminder("due", due, f"“{outage.title}”: the next update is due in {left}. {needed}.")
    if outage.kind is OutageKind.MAINTENANCE:
        yield from _planned(outage, pending, where, now)


def _needed(act: str, pending: Notice | None, where: str) -> str:
    """Return what to do; while a notice has not left, the board has no other button than Review…."""
    if pending is None:
        return act
    state = "waits for approval" if pending.state is NoticeState.WAITING else "is a draft"
    return f"Its {pending.kind} {state}: press Review… {where}"


def _planned(outage: Outage, pending: Notice | None, where: str, now: datetime) -> Iterator[_Reminder]:
    start, end = outage.starts_at, outage.ends_at
    if start is not None and outage.phase is Phase.SCHEDULED:
        if start <= now:
            needed = _needed(f"Press Post update… {where}: In progress, or later?", pending, where)
            late_by = _late_by(start, now)
            text = f"“{outage.title}” was to start {_since(start, now)}. {needed}"
            yield _Reminder("started", start, text, late_by)
        elif start - REMIND_BEFORE <= now:
            needed = _needed(f"Press Post update… {where} when it does", pending, where)
            text = f"“{outage.title}” starts in {_minutes(start - now)}. {needed}."
            yield _Reminder("starts", start, text)
    if end is not None:
        if end <= now:
            needed = _needed(f"Press Finish… {where}, or say how long it takes", pending, where)
            late_by = _late_by(end, now)
            text = f"“{outage.title}” was to end {_since(end, now)}. {needed}."
            yield _Reminder("ended", end, text, late_by)
        elif end - REMIND_BEFORE <= now:
            needed = _needed(f"Press Finish… {where} when it does", pending, where)
            text = f"“{outage.title}” ends in {_minutes(end - now)}. {needed}."
            yield _Reminder("ends", end, text)


def _late_by(moment: datetime, now: datetime) -> timedelta:
    """Return how late it was when people were last to be reminded: nothing, 15 min, 30 min … 16 h, days."""
    late = now - moment
    if late < LATE_AGAIN:
        return timedelta()
    if late >= _DAY:
        return late // _DAY * _DAY
    doublings: int = 2 ** ((late // LATE_AGAIN).bit_length() - 1)
    return LATE_AGAIN * doublings


def _since(moment: datetime, now: datetime) -> str:
    return f"{_length(now - moment)} ago" if _late_by(moment, now) else "by now"


def _length(time: timedelta) -> str:
    if time >= _DAY:
        return _count(time // _DAY, "day")
    hours = timedelta(hours=1)
    return _count(time // hours, "hour") if time >= hours else _count(_minutes_of(time), "minute")


def _minutes(left: timedelta) -> str:
    return _count(max(1, round(left.total_seconds() / 60)), "minute")


def _minutes_of(time: timedelta) -> int:
    return time // timedelta(minutes=1)


def _count(number: int, unit: str) -> str:
    return f"{number} {unit if number == 1 else unit + 's'}"
