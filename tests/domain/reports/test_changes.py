"""What got worse is told; what is noise, welcome or too small is not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.reports.changes import Change, ChangeKind, find_changes
from domain.reports.figures import Backlog, CaseGroup, DayFigures, Figures, PeriodReport, Responses, Waits
from domain.reports.filters import Filters
from domain.reports.periods import parse_period
from domain.reports.statistics import Sums

NOW = datetime(2026, 11, 29, tzinfo=UTC)
WEEK = parse_period("7d", now=NOW, zone=UTC)


def figures(
    *,
    late: int = 10,
    broken: int = 10,
    sentiment: float = 0.0,
    daily: Sequence[int] = (20,) * 7,
    **cases: int,
) -> Figures:
    days = [
        DayFigures(
            date=date(2026, 11, 1) + timedelta(days=number),
            mentions=count,
            cases=count,
            sentiment=Sums(count, sentiment * count, (sentiment**2 + 0.1) * count),
        )
        for number, count in enumerate(daily)
    ]
    groups = [
        CaseGroup(situation=name, language="en", network="x", count=count) for name, count in cases.items()
    ]
    responses = Responses(
        first=Waits(in_target=200 - late, late=late), next=Waits(), answers=200, still_broken=broken
    )
    return Figures(days=days, groups=groups, responses=responses)


def changes(now: Figures, before: Figures) -> list[Change]:
    report = PeriodReport(
        period=WEEK, filters=Filters(), made_at=NOW, figures=now, before=before, backlog=Backlog()
    )
    return find_changes(report)


def test_what_rose_beyond_chance_is_told_the_surest_first() -> None:
    found = changes(
        figures(late=60, broken=40, sentiment=-0.4, refund=40, cannot_pay=90),
        figures(refund=38, cannot_pay=30),
    )
    assert [change.kind for change in found] == [
        ChangeKind.SENTIMENT,
        ChangeKind.LATE_FIRST,
        ChangeKind.SITUATION,
        ChangeKind.STILL_BROKEN,
    ]
    assert found[2] == Change(kind=ChangeKind.SITUATION, key="cannot_pay", now=90, before=30)


def test_nothing_is_told_of_what_is_the_same_or_better() -> None:
    same = figures(refund=40, cannot_pay=30)
    assert changes(same, same) == []
    assert changes(same, figures(late=60, broken=40, sentiment=-0.4, refund=80, cannot_pay=30)) == []
    assert changes(Figures(), same) == changes(same, Figures()) == []


def test_more_praise_is_nothing_bad() -> None:
    assert changes(figures(praise=90), figures(praise=10)) == []


def test_where_days_differ_anyway_a_rise_has_to_be_larger() -> None:
    even = figures(cannot_pay=140), figures(cannot_pay=98, daily=(14,) * 7)
    assert [change.key for change in changes(*even)] == ["cannot_pay"]
    uneven = tuple(replace(one, days=figures(daily=(2, 60, 5, 50, 3, 15, 5)).days) for one in even)
    assert changes(*uneven) == []


def test_a_sure_but_small_rise_is_not_told() -> None:
    assert changes(figures(refund=105_000), figures(refund=100_000)) == []


@settings(max_examples=40, deadline=None)
@given(counts=st.lists(st.integers(0, 300), min_size=6, max_size=6), late=st.integers(0, 200))
def test_whatever_the_figures_nothing_fails_and_a_change_is_a_rise(counts: list[int], late: int) -> None:
    now = figures(late=late, refund=counts[0], cannot_pay=counts[1], daily=counts[2:4])
    before = figures(refund=counts[4], cannot_pay=counts[5], daily=counts[4:6])
    for change in changes(now, before):
        worsened = (
            change.before - change.now if change.kind is ChangeKind.SENTIMENT else change.now - change.before
        )
        assert worsened > 0
