"""Figures of a dozen cases, computed by hand, on both databases and in several time zones."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from domain.cases.promises import Promise, PromiseState
from domain.cases.waits import Wait, WaitKind
from domain.causes.cause import new_cause
from domain.reports.export_rows import Record
from domain.reports.figures import Figures, PromiseFigures
from domain.reports.filters import FilterKey, Filters
from domain.reports.periods import Period, parse_period
from domain.reports.statistics import Sums
from domain.reports.summaries import Summary
from domain.reports.trends import Trend
from domain.triage.situations import Situation
from domain.venues import Venue
from handlers.reports.summaries import summarise
from handlers.reports.trends import summarise_with_trend
from storage.engine import Store
from storage.topic_posts import Before
from tests.bench.past_cases import SITUATIONS, fill
from tests.storage.golden_cases import CASES, moment, store_golden
from tests.storage.made import a_case
from tests.storage.plans import explained

ONE, HOUR = timedelta(days=1), timedelta(hours=1)
ALL = Filters()
#: Days of 23, 25, 25 and 24 hours.
DAYS = [
    (date(2026, 3, 29), ZoneInfo("Europe/Berlin")),
    (date(2026, 10, 25), ZoneInfo("Europe/Berlin")),
    (date(2026, 4, 5), ZoneInfo("Pacific/Auckland")),
    (date(2026, 7, 1), ZoneInfo("Asia/Kathmandu")),
]


@pytest.mark.parametrize(("middle", "zone"), DAYS)
def test_figures_agree_with_those_computed_by_hand(store: Store, middle: date, zone: ZoneInfo) -> None:
    with store.unit_of_work() as uow:
        store_golden(uow, middle, zone)
    report = _summary(store, middle, zone, 0, 0).report
    figures, before = report.figures, report.before

    # Opened on the day: cem, dee, eve, fay, gus, hal, ida. The day before: ana and ben.
    assert (figures.cases, before.cases) == (7, 2)
    # Their posts, dee's second, eve's thanks, and fay's second (11:00 + 90 + 120 minutes = 14:30). Gus wrote
    # his second on the day after (12:50 + 25 hours).
    assert (figures.mentions, before.mentions) == (10, 2)
    assert figures.people == 7
    assert figures.private_messages == {Venue.EMAIL: 1}
    assert figures.count_by("situation") == Counter(cannot_pay=5, refund=2)
    assert figures.count_by("language") == Counter(en=6, es=1)
    assert figures.count_by("network") == Counter(x=6, town=1)
    # cem +0.5, all others 0: (0.5 + 9 × 0) / 10.
    assert figures.sentiment == Sums(10, 0.5, 0.25)

    # First answers after 60, 20, 40, 90, 50 and 10 minutes: sorted 10 20 40 50 60 90, median 45, 90th
    # percentile 60 + 0.5 × 30 = 75. Cem's is in time, fay's after 90 minutes is not; hal's is overdue.
    first = figures.responses.first
    assert (first.spread.count, first.spread.median, first.spread.p90) == (6, 45 * 60, 75 * 60)
    assert (first.office_spread.median, first.in_target, first.late, first.unanswered) == (45 * 30, 5, 2, 1)
    assert first.share_in_target == 5 / 7
    # Fay asked again on the day, gus on the day after; nobody answered either, and both have ended.
    further = figures.responses.next
    assert (further.spread.count, further.in_target, further.late, further.unanswered) == (0, 0, 0, 0)
    assert further.share_in_target is None
    # Six answers, of which ida's was an offer. Dee and fay asked again within 24 hours, gus after 25.
    assert (figures.responses.answers, figures.responses.still_broken) == (5, 2)

    # Cem after 120 minutes, dee after 30, eve after 50. Dee wrote again; eve said thanks.
    resolutions = figures.resolutions
    assert sorted(resolutions.seconds) == [30 * 60, 50 * 60, 120 * 60]
    assert (resolutions.count, resolutions.reopened, resolutions.repeated) == (3, 1, 1)
    use = figures.suggestions
    assert (use.as_it_was, use.edited, use.thrown_away, use.total) == (1, 1, 1, 3)
    assert (figures.handoffs.offered, figures.handoffs.arrived, figures.handoffs.resolved) == (2, 1, 1)
    assert (figures.rated, figures.rated_solved) == (1, 1)
    assert figures.spend == before.spend == {"x": 0.5}
    # Hal waits for us.
    assert list(report.backlog.waiting) == [moment(middle, zone, 0, "13:00")]


def test_a_chart_has_the_figures_of_each_part(store: Store) -> None:
    """The hours of one day, and days; computed by hand from the cases."""
    middle, zone = DAYS[1]
    with store.unit_of_work() as uow:
        store_golden(uow, middle, zone)
    hours, days = (_trend(store, middle, zone, day) for day in (0, 1))
    with store.unit_of_work() as uow:
        found = uow.figure_details.situations(_period(middle, zone, -1, 1).days, ALL)
        spanish = uow.figure_details.situations(
            _period(middle, zone, -1, 1).days, Filters({FilterKey.LANGUAGE: ("es",)})
        )
    # Ana and ben; eve, fay, gus, hal and ida beside cem's and dee's refunds; ana and kim beside joe's praise.
    assert found == {"cannot_pay": [2, 5, 2], "refund": [0, 2, 0], "praise": [0, 0, 1]}
    assert spanish == {"cannot_pay": [1, 1, 0]}
    # The day has 25 hours; the day before had 24. At 00, 09, 10, 11, 12, 13, 14:30 and 23:59; dee's second
    # post was at 10:30, eve's thanks at 11:00.
    assert (len(hours.parts), len(hours.mentions_before)) == (25, 24)
    assert {at - 1: count for at, count in enumerate(hours.mentions) if count} == {
        -1: 1,
        9: 1,
        10: 2,
        11: 2,
        12: 1,
        13: 1,
        14: 1,
        23: 1,
    }
    assert {at - 1: median / 60 for at, median in enumerate(hours.first_medians) if median} == {
        -1: 60,
        9: 20,
        10: 40,
        11: 90,
        12: 50,
        23: 10,
    }
    assert [int(median / 60) for median in hours.first_medians_before if median] == [10, 30]
    # The day after: ana's, gus's second post, joe's and kim's; ana was answered after 5 minutes, kim after
    # 15.
    assert list(days.mentions) == [2, 10, 4]
    assert [median and median / 60 for median in days.first_medians] == [20, 45, 10]


@pytest.mark.parametrize(("middle", "zone"), DAYS)
def test_days_and_parts_add_up_to_the_whole(store: Store, middle: date, zone: ZoneInfo) -> None:
    with store.unit_of_work() as uow:
        store_golden(uow, middle, zone)
    whole = _summary(store, middle, zone, -1, 1).report.figures
    assert [(day.cases, day.mentions) for day in whole.days] == [(2, 2), (7, 10), (3, 4)]
    days = [_summary(store, middle, zone, day, day).report.figures for day in (-1, 0, 1)]
    for count in (_cases, _mentions, _answered, _resolved, _broken, _spent):
        assert sum(map(count, days)) == count(whole), count.__name__
    assert whole.sentiment == sum((day.sentiment for day in days), Sums())
    # Ana's first case was resolved on the day before, and her second came less than 72 hours later.
    assert (whole.resolutions.reopened, whole.resolutions.repeated) == (1, 2)
    # Ana and gus wrote on two days: the people of the days are more than those of the whole.
    assert (whole.people, sum(day.people for day in days)) == (11, 13)
    for name in ("situation", "language", "network"):
        assert whole.count_by(name).total() == whole.cases


FILTERS = [
    (FilterKey.SITUATION, "refund", 2),
    (FilterKey.LANGUAGE, "es", 2),
    (FilterKey.NETWORK, "town", 1),
    (FilterKey.CHANNEL, "C2", 1),
    (FilterKey.AGENT, "U1", 1),
    (FilterKey.OUTAGE, "7", 1),
    (FilterKey.TAG, "billing", 1),  # gus's case
    (FilterKey.TAG, "vip", 2),  # both of ana's, as it is a tag of hers
]


def test_a_filter_counts_its_cases_and_never_more_than_all(store: Store) -> None:
    middle, zone = DAYS[0]
    with store.unit_of_work() as uow:
        store_golden(uow, middle, zone)
    whole = _summary(store, middle, zone, -1, 1).report.figures
    for key, value, cases in FILTERS:
        chosen = _summary(store, middle, zone, -1, 1, Filters({key: (value,)})).report.figures
        assert chosen.cases == cases, key
        for count in (_cases, _mentions, _answered, _resolved, _broken, _people):
            assert count(chosen) <= count(whole), (key, count.__name__)
    both = {FilterKey.LANGUAGE: ("en", "es"), FilterKey.SITUATION: ("cannot_pay",)}
    assert _summary(store, middle, zone, -1, 1, Filters(both)).report.figures.cases == 9
    nobody = _summary(store, middle, zone, -1, 1, Filters({FilterKey.LANGUAGE: ("fi",)})).report.figures
    assert nobody.is_empty


def test_figures_do_not_depend_on_the_order_in_which_cases_came(store: Store) -> None:
    middle, zone = DAYS[1]
    with store.unit_of_work() as uow:
        store_golden(uow, middle, zone, order=-1)
    figures = _summary(store, middle, zone, -1, 1).report.figures
    assert [(day.cases, day.mentions) for day in figures.days] == [(2, 2), (7, 10), (3, 4)]
    assert sorted(figures.responses.first.seconds) == sorted(
        60 * told.answered for told in CASES if told.answered
    )


def test_what_changes_later_changes_the_figures(store: Store) -> None:
    """A case that is re-labelled moves with all that is counted by it; an erased one is counted no more."""
    middle, zone = DAYS[0]
    with store.unit_of_work() as uow:
        store_golden(uow, middle, zone)
        [fay] = uow.cases.of_author("x", "1", "fay", limit=1)
        uow.cases.save(replace(fay, assessment=replace(fay.assessment, situation=Situation.REFUND)))
    refunds = Filters({FilterKey.SITUATION: ("refund",)})
    figures = _summary(store, middle, zone, 0, 0, refunds).report.figures
    assert (figures.cases, figures.mentions, figures.responses.still_broken) == (3, 5, 2)
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM responses WHERE case_id = :case"), {"case": fay.id})
        connection.execute(text("DELETE FROM messages WHERE case_id = :case"), {"case": fay.id})
        connection.execute(text("DELETE FROM cases WHERE id = :case"), {"case": fay.id})
    figures = _summary(store, middle, zone, 0, 0, refunds).report.figures
    assert (figures.cases, figures.mentions, figures.responses.still_broken) == (2, 3, 1)


def test_parts_of_a_second_are_rounded_alike_by_the_clock_and_in_office_hours(store: Store) -> None:
    middle, zone = DAYS[3]
    at = moment(middle, zone, 0, "12:00")
    with store.unit_of_work() as uow:
        [case] = uow.cases.add_many([a_case(opened_at=at)])
        wait = Wait(id=0, case_id=case.id, kind=WaitKind.FIRST, asked_message_id=1, asked_at=at)
        answered_at = at + timedelta(seconds=59.7)
        uow.responses.add_many([replace(wait, answered_at=answered_at, office_seconds=59.7)])
        period = _period(middle, zone, 0, 0)
        [row] = uow.export_rows.page(
            Record.RESPONSE, period, ALL, after=None, now=_now(middle, zone), limit=9
        )
    first = _summary(store, middle, zone, 0, 0).report.figures.responses.first
    assert (first.seconds, first.office_seconds) == ([60], [60])
    assert (row.seconds, row.office_seconds) == (60, 60)


def test_open_spam_does_not_wait(store: Store) -> None:
    middle, zone = DAYS[3]
    at = moment(middle, zone, 0, "12:00")
    with store.unit_of_work() as uow:
        read = a_case().assessment
        spam = replace(read, situation=Situation.SPAM)
        cases = uow.cases.add_many(
            [a_case(opened_at=at, waiting_since=at, assessment=one) for one in (read, spam, spam, spam)]
        )
        waits = [
            Wait(id=0, case_id=case.id, kind=kind, asked_message_id=1, asked_at=at)
            for case, kind in zip(cases, (WaitKind.FIRST, *WaitKind, WaitKind.FIRST), strict=True)
        ]
        waits[3] = replace(waits[3], answered_at=at + HOUR, office_seconds=3600.0)
        uow.responses.add_many(waits)
    figures = _summary(store, middle, zone, 0, 0).report.figures.responses
    assert (figures.first.unanswered, figures.next.unanswered) == (1, 0)
    assert figures.first.seconds == [3600]


def test_promises_are_counted_when_they_were_made_by_what_became_of_them(store: Store) -> None:
    middle, zone = DAYS[1]  # of 25 hours
    with store.unit_of_work() as uow:
        cases = uow.cases.add_many([a_case(), a_case(network="town")])
        made = [
            (0, -1, "23:59", PromiseState.KEPT),  # the day before
            (0, 0, "00:00", PromiseState.KEPT),
            (0, 0, "12:00", PromiseState.BROKEN),
            (1, 0, "23:59", PromiseState.OPEN),
            (0, 0, "13:00", PromiseState.WITHDRAWN),
            (0, 1, "00:00", PromiseState.OPEN),  # the day after
        ]
        for number, (which, day, at, state) in enumerate(made):
            made_at = moment(middle, zone, day, at)
            promise = Promise(
                id=0,
                case_id=cases[which].id,
                message_id=number,
                words="in 3 hours",
                made_at=made_at,
                made_by="U1",
                due_at=made_at + timedelta(hours=3),
                state=state,
            )
            uow.promises.add_many(number, [promise])
        period = _period(middle, zone, 0, 0)
        rows = uow.export_rows.page(Record.PROMISE, period, ALL, after=None, now=_now(middle, zone), limit=9)
    counted = _summary(store, middle, zone, 0, 0).report.figures.promises
    assert (counted.made, counted.kept, counted.broken, counted.open) == (3, 1, 1, 1)
    assert [(row.state, row.seconds) for row in rows] == [("kept", 10800), ("broken", 10800), ("open", 10800)]
    only_town = Filters({FilterKey.NETWORK: ("town",)})
    assert _summary(store, middle, zone, 0, 0, only_town).report.figures.promises == PromiseFigures(open=1)


def test_a_period_without_a_case_has_figures_of_nothing(store: Store) -> None:
    report = _summary(store, *DAYS[0], -1, 1).report
    assert report.figures.is_empty
    assert (report.figures.responses.first.spread.median, report.figures.sentiment.mean) == (None, None)


PLANNED = [(FilterKey.SITUATION, "refund"), (FilterKey.TAG, "billing")]


def test_who_waits_longest_is_found_among_those_whom_filters_choose(store: Store) -> None:
    with store.unit_of_work() as uow:
        store_golden(uow, *DAYS[0])
        [hal] = uow.cases.of_author("x", "1", "hal", limit=1)
        waiting = uow.figures.backlog(Filters()).waiting
        assert waiting[0] == hal.waiting_since
        assert uow.figures.longest_waiting(Filters()) == hal.id
        assert uow.figures.longest_waiting(Filters({FilterKey.LANGUAGE: ("es",)})) is None


def test_no_statement_of_a_summary_scans_a_table(store: Store) -> None:
    """Every table is read by an index; those whose rows are few (spend, outages) may be scanned."""
    middle, zone = DAYS[0]
    with store.unit_of_work() as uow:
        uow.causes.add(new_cause("Payment", ["pay"], by="U0SAM", now=_now(middle, zone)))
    chosen = (ALL, *(Filters({key: (value,)}) for key, value in PLANNED))
    with explained(store) as (uow, plans):
        for filters, around in product(chosen, (0, 1)):
            period = _period(middle, zone, -around, around)
            summarise_with_trend(uow, period=period, filters=filters, now=_now(middle, zone))
            uow.figure_details.situations(period.days, filters)
            uow.topic_posts.page(period.since, period.until, filters, before=Before(period.until, 1), limit=5)
            uow.response_figures.resolutions_of([1, 2])
    assert len(plans.lines) > 50
    assert plans.scans == []


def test_a_filter_looks_up_on_postgresql_only_cases_of_before_the_period(store: Store) -> None:
    """Each mention's case costs four pages otherwise, which made a summary take twice as long."""
    zone = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 7, 1, 12, tzinfo=zone)
    fill(store, count=3_000, until=now)
    period = parse_period("30d", now=now, zone=zone)
    situations = sorted(SITUATIONS)
    with explained(store) as (uow, plans):
        days, people = uow.figures.days(period.days, ALL), uow.figures.people(period, ALL)
        parts = [uow.figures.days(period.days, Filters({FilterKey.SITUATION: (one,)})) for one in situations]
        some = [uow.figures.people(period, Filters({FilterKey.SITUATION: (one,)})) for one in situations]
    mentions = [
        sum(figures) for figures in zip(*([day.mentions for day in one] for one in parts), strict=True)
    ]
    assert mentions == [day.mentions for day in days]
    assert sum(some) >= people > max(some)
    in_hash_tables = [line for line in plans.lines if "hashed SubPlan" in line]
    assert bool(in_hash_tables) == (store.engine.dialect.name == "postgresql")


def _period(middle: date, zone: ZoneInfo, first: int, last: int) -> Period:
    return parse_period(f"{middle + first * ONE}..{middle + last * ONE}", now=_now(middle, zone), zone=zone)


def _now(middle: date, zone: ZoneInfo) -> datetime:
    return moment(middle, zone, 5, "12:00")


def _summary(
    store: Store, middle: date, zone: ZoneInfo, first: int, last: int, filters: Filters = ALL
) -> Summary:
    with store.unit_of_work() as uow:
        period = _period(middle, zone, first, last)
        return summarise(uow, period=period, filters=filters, now=_now(middle, zone))


def _trend(store: Store, middle: date, zone: ZoneInfo, around: int) -> Trend:
    with store.unit_of_work() as uow:
        period = _period(middle, zone, -around, around)
        return summarise_with_trend(uow, period=period, filters=ALL, now=_now(middle, zone))[1]


def _cases(figures: Figures) -> float:
    return figures.cases


def _mentions(figures: Figures) -> float:
    return figures.mentions


def _people(figures: Figures) -> float:
    return figures.people


def _answered(figures: Figures) -> float:
    return figures.responses.first.spread.count


def _resolved(figures: Figures) -> float:
    return figures.resolutions.count


def _broken(figures: Figures) -> float:
    return figures.responses.still_broken


def _spent(figures: Figures) -> float:
    return sum(figures.spend.values())
