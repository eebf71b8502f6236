"""Decide what a digest says first."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.cases.service_levels import ALWAYS
from domain.office_hours import office_hours
from domain.reports.advice import Advice, AdviceKind, advise
from domain.reports.changes import Change, ChangeKind
from domain.reports.figures import Backlog, Figures, PeriodReport
from domain.reports.filters import Filters
from domain.reports.periods import parse_period
from domain.reports.summaries import Summary

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_summary(*waits: int, worse: ChangeKind | None = None) -> Summary:
    report = PeriodReport(
        period=parse_period("7d", now=NOW, zone=UTC),
        filters=Filters(),
        made_at=NOW,
        figures=Figures(),
        before=Figures(),
        backlog=Backlog(waiting=[NOW - hours * HOUR for hours in waits]),
    )
    changes = () if worse is None else ((Change(kind=worse, now=2, before=1), ()),)
    return Summary(report=report, changes=changes)


def test_who_waits_longer_than_a_day_comes_before_what_got_worse() -> None:
    summary = a_summary(50, 25, 24, 1, worse=ChangeKind.SITUATION)
    assert advise(summary, ALWAYS) == Advice(kind=AdviceKind.ANSWER_LONG_WAITING, count=2)


def test_who_wrote_while_the_office_was_closed_does_not_hide_what_got_worse() -> None:
    week = office_hours(["mon-fri 08:00-17:00"], "UTC")  # NOW is a Monday's opening
    weekend = a_summary(60, 40, 25, worse=ChangeKind.SITUATION)
    assert advise(weekend, week).kind is AdviceKind.LOOK_INTO
    since_friday_morning = a_summary(71, 40, worse=ChangeKind.SITUATION)
    assert advise(since_friday_morning, week).kind is AdviceKind.LOOK_INTO
    since_friday_at_eight = a_summary(73, 40, worse=ChangeKind.SITUATION)
    assert advise(since_friday_at_eight, week) == Advice(kind=AdviceKind.ANSWER_LONG_WAITING, count=1)


@pytest.mark.parametrize(
    ("worse", "kind"),
    [
        (ChangeKind.SITUATION, AdviceKind.LOOK_INTO),
        (ChangeKind.LATE_FIRST, AdviceKind.ANSWER_SOONER),
        (ChangeKind.LATE_NEXT, AdviceKind.ANSWER_SOONER),
        (ChangeKind.STILL_BROKEN, AdviceKind.CHECK_ANSWERS),
        (ChangeKind.SENTIMENT, AdviceKind.READ_UNHAPPY),
    ],
)
def test_what_got_worse_is_looked_into(worse: ChangeKind, kind: AdviceKind) -> None:
    found = advise(a_summary(24, worse=worse), ALWAYS)
    assert (found.kind, found.count, found.change and found.change.kind) == (kind, 1, worse)


def test_nothing_to_do() -> None:
    assert advise(a_summary(3, 2), ALWAYS) == Advice(kind=AdviceKind.WAITING, count=2)
    assert advise(a_summary(), ALWAYS) == Advice(kind=AdviceKind.NOTHING)
