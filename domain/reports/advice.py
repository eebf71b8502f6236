"""Decide what a digest says first: the one thing to do."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from domain.office_hours import OfficeHours
from domain.reports.changes import Change, ChangeKind
from domain.reports.summaries import Summary

#: Who waits longer, of which the office was open for so long, is to be answered before anything else.
LONG, OPEN = timedelta(days=1), timedelta(hours=8)


class AdviceKind(StrEnum):
    """What to do, the most pressing first.

    `WAITING`: nothing but to go on answering; `NOTHING`: nobody waits.
    """

    ANSWER_LONG_WAITING = "answer_long_waiting"
    LOOK_INTO = "look_into"
    ANSWER_SOONER = "answer_sooner"
    CHECK_ANSWERS = "check_answers"
    READ_UNHAPPY = "read_unhappy"
    WAITING = "waiting"
    NOTHING = "nothing"


_FOR_CHANGES = {
    ChangeKind.SITUATION: AdviceKind.LOOK_INTO,
    ChangeKind.LATE_FIRST: AdviceKind.ANSWER_SOONER,
    ChangeKind.LATE_NEXT: AdviceKind.ANSWER_SOONER,
    ChangeKind.STILL_BROKEN: AdviceKind.CHECK_ANSWERS,
    ChangeKind.SENTIMENT: AdviceKind.READ_UNHAPPY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to do. `count` is how many wait; `change` is what got worse, where it is about that."""

    kind: AdviceKind
    count: int = 0
    change: Change | None = None


def advise(summary: Summary, hours: OfficeHours) -> Advice:
    """Return the most pressing thing to do.

    Who wrote over a weekend on which the office was closed does not wait long: it would hide all else.
    """
    report = summary.report
    waiting = report.backlog.waiting
    long_before = min(report.made_at - LONG, hours.before(report.made_at, OPEN))
    long = sum(since < long_before for since in waiting)
    if long:
        return Advice(kind=AdviceKind.ANSWER_LONG_WAITING, count=long)
    if summary.changes:
        change = summary.changes[0][0]
        return Advice(kind=_FOR_CHANGES[change.kind], count=len(waiting), change=change)
    return Advice(kind=AdviceKind.WAITING if waiting else AdviceKind.NOTHING, count=len(waiting))
