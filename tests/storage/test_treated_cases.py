"""How the golden cases were treated, a page at a time, on both databases and by an index."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from domain.cases.waits import EndReason
from domain.intake.posts import Author
from domain.reports.filters import FilterKey, Filters
from domain.reports.periods import Period, parse_period
from domain.reports.survival import Waited
from domain.reports.treatment import TreatedCase
from handlers.reports import fairness
from handlers.reports.fairness import treated_cases
from storage.engine import Store
from tests.storage.golden_cases import moment, store_golden
from tests.storage.plans import explained

MIDDLE, ZONE = date(2026, 10, 25), ZoneInfo("Europe/Berlin")
NOW = moment(MIDDLE, ZONE, 5, "12:00")
ALL = Filters()


def test_the_treatment_of_each_case_is_that_computed_by_hand(store: Store) -> None:
    with store.unit_of_work() as uow:
        store_golden(uow, MIDDLE, ZONE)
        [cem] = uow.cases.of_author("x", "1", "cem", limit=1)
        uow.cases.save(replace(cem, author=Author(id="cem", handle="cem", name="cem", followers=5_000)))
        authors = {
            case.id: name
            for name in ("ben", "cem", "dee", "eve", "fay", "gus", "hal", "ida", "joe", "kim")
            for case in uow.cases.of_author("town" if name == "ida" else "x", "1", name, limit=1)
        }
    found = {authors.get(case.case_id, "ana"): case for case in read(store)}
    # Joe only praised, and did not wait. Of Ana's two cases the older one is left, which comes last.
    assert set(found) == {"ana", "ben", "cem", "dee", "eve", "fay", "gus", "hal", "ida", "kim"}
    cem_now, hal = found["cem"], found["hal"]
    assert (cem_now.followers, cem_now.sentiment, cem_now.situation, cem_now.urgency) == (
        5_000,
        0.5,
        "refund",
        1,
    )
    assert (cem_now.wait, cem_now.office_wait) == (Waited(3600, True), Waited(1800, True))
    # Hal has waited since 13:00 of the day, until noon five days later; without office hours, all of it.
    waited = Waited((NOW - moment(MIDDLE, ZONE, 0, "13:00")).total_seconds(), False)
    assert (hal.wait, hal.office_wait, hal.asked_again) == (waited, waited, None)
    # Cem waited longer than half an hour, all of which was open; ana less.
    assert (cem_now.office_before, found["ana"].office_before) == (1800, 0)
    assert {name for name, case in found.items() if case.asked_again} == {"dee", "fay"}
    # Ida's answer was an offer to move, which solves nothing.
    assert {name for name, case in found.items() if case.asked_again is None} == {"hal", "ida"}
    assert {name for name, case in found.items() if case.moved} == {"eve"}
    assert {name for name, case in found.items() if case.resolved} == {"ana", "cem", "dee", "eve"}
    # Dee wrote again 90 minutes after her first post, eve after 60: nobody within half an hour.
    assert not any(case.wrote_again for case in found.values())


def test_pages_have_each_case_once(store: Store) -> None:
    with store.unit_of_work() as uow:
        store_golden(uow, MIDDLE, ZONE)
        page = uow.treated_cases.page(period(), ALL, before=None, limit=2)
        rows, pages = list(page.rows), 1
        while page.last is not None:
            page = uow.treated_cases.page(period(), ALL, before=page.last, limit=2)
            rows, pages = rows + page.rows, pages + 1
    assert len({row.case_id for row in rows}) == len(rows) == 11
    assert rows == sorted(rows, key=lambda row: row.asked_at, reverse=True)
    assert pages == 6


def test_waits_of_one_moment_are_divided_among_pages(store: Store) -> None:
    with store.unit_of_work() as uow:
        store_golden(uow, MIDDLE, ZONE)
        [cem] = uow.cases.of_author("x", "1", "cem", limit=1)
        [wait] = uow.responses.of_case(cem.id)
        others = [replace(cem, id=0, author=replace(cem.author, id=f"twin{n}")) for n in range(5)]
        twins = uow.cases.add_many(others)
        uow.responses.add_many([replace(wait, id=0, case_id=twin.id) for twin in twins])
        found: list[int] = []
        last = None
        for _ in range(12):
            page = uow.treated_cases.page(period(), ALL, before=last, limit=2)
            found += [row.case_id for row in page.rows]
            if (last := page.last) is None:
                break
    assert len(found) == len(set(found)) == 16
    assert set(found) >= {twin.id for twin in twins}


def test_a_page_reads_its_waits_and_not_all_of_the_period(postgres: Store) -> None:
    read_rows: list[float] = []

    def explain(_connection: object, cursor: Any, statement: str, parameters: object, *_: object) -> None:  # noqa: ANN401 - a driver's
        if statement.lstrip().startswith("SELECT") and "asking" in statement:
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {statement}", parameters)
            lines = [str(line) for (line,) in cursor.fetchall()]
            found = [re.search(r" on responses  \(.*actual rows=([\d.]+)", line) for line in lines]
            read_rows.extend(float(one[1]) for one in found if one)

    with postgres.unit_of_work() as uow:
        store_golden(uow, MIDDLE, ZONE)
        event.listen(postgres.engine, "before_cursor_execute", explain)
        try:
            page = uow.treated_cases.page(period(), ALL, before=None, limit=2)
            uow.treated_cases.page(period(), ALL, before=page.last, limit=2)
        finally:
            event.remove(postgres.engine, "before_cursor_execute", explain)
    assert len(read_rows) == 2
    assert max(read_rows) <= 2


@pytest.mark.parametrize(("reason", "seconds"), [(EndReason.THANKS, 600.0), (EndReason.GONE, 3600.0)])
def test_a_case_counts_once_whose_first_wait_was_taken_back(
    store: Store, reason: EndReason, seconds: float
) -> None:
    """By the first of its waits that asked for something at all."""
    with store.unit_of_work() as uow:
        store_golden(uow, MIDDLE, ZONE)
        [hal] = uow.cases.of_author("x", "1", "hal", limit=1)
        [wait] = uow.responses.of_case(hal.id)
        ended = wait.asked_at + timedelta(seconds=600)
        uow.responses.save(replace(wait, ended_at=ended, end_reason=reason, office_seconds=600))
        again = wait.asked_at + timedelta(hours=2)
        answered_at = again + timedelta(hours=1)
        second = replace(wait, id=0, asked_at=again, answered_at=answered_at, office_seconds=3600)
        uow.responses.add_many([second])
    [found] = [case for case in read(store) if case.case_id == hal.id]
    assert found.wait == Waited(seconds, reason is EndReason.GONE)


def test_a_filter_reads_its_cases_and_no_statement_scans_a_table(store: Store) -> None:
    with store.unit_of_work() as uow:
        store_golden(uow, MIDDLE, ZONE)
    assert len(read(store, Filters({FilterKey.TAG: ("vip",)}))) == 2
    with explained(store) as (uow, plans):
        treated_cases(uow, period=period(), filters=ALL, before=None, now=NOW)
        _, last = uow.treated_cases.page(period(), ALL, before=None, limit=2)
        treated_cases(uow, period=period(), filters=Filters({FilterKey.TAG: ("vip",)}), before=last, now=NOW)
    assert plans.scans == []


def read(store: Store, filters: Filters = ALL) -> list[TreatedCase]:
    with store.unit_of_work() as uow:
        page = fairness.treated_cases(uow, period=period(), filters=filters, before=None, now=NOW)
    assert page.last is None
    return page.cases


def period() -> Period:
    days = MIDDLE - timedelta(days=1), MIDDLE + timedelta(days=1)
    return parse_period("..".join(day.isoformat() for day in days), now=NOW, zone=ZONE)
