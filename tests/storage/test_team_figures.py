"""Who waits, who has what and who is away, counted by hand on both databases, and read by an index."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from domain.cases.case import CaseState
from domain.model_calls import ModelBudget, ModelCall
from domain.reports.filters import Filters
from domain.reports.team import AGE_LIMITS, TeamView
from domain.surge.spending import SpendingBudget, Spent
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation
from handlers.cases.queue import view_home
from handlers.reports.team import view_team
from storage.engine import Store
from storage.team_figures import TeamFigures
from storage.unit_of_work import UnitOfWork
from tests.storage.made import a_case
from tests.storage.plans import explained

NOW = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
_SORTED = "USE TEMP B-TREE FOR ORDER BY"  # as SQLite says it


def store_case(uow: UnitOfWork, minutes: int | None, urgency: Urgency, **fields: Any) -> int:  # noqa: ANN401 - any of the fields
    """Store an open case whose customer waits for so many minutes, or for nothing."""
    waiting_since = None if minutes is None else NOW - minutes * MINUTE
    usual = {"assessment": Assessment("en", Situation.CANNOT_PAY, urgency, (), 0.0), "state": CaseState.OPEN}
    last = {"last_message_at": waiting_since} if waiting_since else {}
    made = a_case(waiting_since=waiting_since, **(usual | last | fields))
    [case] = uow.cases.add_many([made])
    return case.id


def view(uow: UnitOfWork) -> TeamView:
    return view_team(
        uow, network_budget=SpendingBudget(daily=25.0), model_budget=ModelBudget(daily_cost=2.0), now=NOW
    )


def test_a_case_that_is_answered_meanwhile_is_still_shown(
    postgres: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres.unit_of_work() as uow:
        case_id = store_case(uow, 5, Urgency.URGENT)
    looked_up = TeamFigures._oldest

    def answered_first(*args: Any) -> Any:  # noqa: ANN401 - as of the method
        with postgres.unit_of_work() as uow:
            case = uow.cases.get(case_id)
            if case.waiting_since is not None:
                uow.cases.save(replace(case, waiting_since=None))
        return looked_up(*args)

    monkeypatch.setattr(TeamFigures, "_oldest", answered_first)
    with postgres.unit_of_work() as uow:
        [urgent] = view(uow).waiting
    assert urgent.oldest.id == case_id


def test_what_waits_is_counted_by_urgency_and_age_and_has_its_oldest(store: Store) -> None:
    with store.unit_of_work() as uow:
        ids = [
            store_case(uow, minutes, Urgency.URGENT)
            # Under an hour, one to four hours (from the first moment on), and over a day.
            for minutes in (5, 59, 60, 239, 24 * 60, 30 * 60)
        ]
        normal = [store_case(uow, 30, Urgency.NORMAL) for _ in range(2)]
        store_case(uow, None, Urgency.URGENT)  # settled by thanks
        store_case(uow, 300, Urgency.URGENT, state=CaseState.WAITING)
        store_case(uow, 300, Urgency.URGENT, state=CaseState.RESOLVED)
    with store.unit_of_work() as uow:
        urgent, ordinary = view(uow).waiting
    assert (urgent.urgency, list(urgent.counts), urgent.count) == (Urgency.URGENT, [2, 2, 0, 2], 6)
    assert urgent.oldest.id == ids[-1]
    assert (ordinary.urgency, list(ordinary.counts), ordinary.oldest.id) == (
        Urgency.NORMAL,
        [2, 0, 0, 0],
        normal[0],
    )
    assert len(urgent.counts) == len(AGE_LIMITS) + 1


def test_spam_does_not_wait_nor_is_it_the_oldest(store: Store) -> None:
    spam = Assessment("en", Situation.SPAM, Urgency.LOW, (), 0.0)
    with store.unit_of_work() as uow:
        for _ in range(2):
            store_case(uow, 300, Urgency.LOW, assessment=spam)
        thanks = store_case(uow, 300, Urgency.LOW)
        everything = Filters()
        assert uow.figures.backlog(everything).count == 1
        assert uow.figures.longest_waiting(everything) == thanks
    with store.unit_of_work() as uow:
        [low] = view(uow).waiting
    assert (low.count, low.oldest.id) == (1, thanks)


def test_who_has_most_comes_first_with_their_oldest_case_and_when_they_are_back(store: Store) -> None:
    with store.unit_of_work() as uow:
        sams = [store_case(uow, minutes, Urgency.NORMAL, claimed_by="U0SAM") for minutes in (10, 90)]
        mia = store_case(uow, None, Urgency.LOW, claimed_by="U0MIA")
        store_case(uow, 500, Urgency.LOW, claimed_by="U0MIA", state=CaseState.SNOOZED)
        store_case(uow, 500, Urgency.LOW)
        for person, back in (("U0SAM", 60), ("U0KAI", 120), ("U0RUTH", -1)):
            uow.agents.save_away(person, NOW + back * MINUTE)
    with store.unit_of_work() as uow:
        seen = view(uow)
    assert [(one.user_id, one.count, one.oldest.id, one.away_until) for one in seen.holders] == [
        ("U0SAM", 2, sams[1], NOW + 60 * MINUTE),
        ("U0MIA", 1, mia, None),
    ]
    assert seen.holder_count == 2
    assert seen.away == {"U0KAI": NOW + 120 * MINUTE}
    assert seen.counts == {"open": 4, "snoozed": 1, "waiting": 0, "unclaimed": 1}


def test_only_so_many_holders_are_listed_but_all_are_counted(store: Store) -> None:
    with store.unit_of_work() as uow:
        for number in range(17):
            store_case(uow, number, Urgency.NORMAL, claimed_by=f"U0{number:02}")
    with store.unit_of_work() as uow:
        seen = view(uow)
    assert (len(seen.holders), seen.holder_count) == (15, 17)


def test_spending_is_that_of_the_month_and_of_today_in_utc(store: Store) -> None:
    with store.unit_of_work() as uow:
        for day, cost in (("2026-10-31", 9.0), ("2026-11-01", 1.0), ("2026-11-29", 0.5)):
            uow.spending.add(day, Spent(network="x", act="mentions", count=1, cost=cost))
        for at, cost in ((NOW - timedelta(days=30), 9.0), (NOW - timedelta(days=3), 0.25), (NOW, 0.125)):
            uow.model_calls.add(_call(cost), at=at)
    with store.unit_of_work() as uow:
        seen = view(uow)
    network = seen.networks["x"]
    assert (network.month, network.today, network.daily_cap) == (1.5, 0.5, 25.0)
    assert (seen.model.month, seen.model.today, seen.model.daily_cap) == (0.375, 0.125, 2.0)


def test_the_team_is_read_by_indexes(store: Store) -> None:
    with store.unit_of_work() as uow:
        store_case(uow, 30, Urgency.NORMAL, claimed_by="U0SAM")
    with explained(store) as (uow, plans):
        view(uow)
    assert len(plans.lines) >= 12
    assert plans.scans == []


def test_an_agents_home_reads_the_first_rows_of_indexes_and_sorts_no_group(store: Store) -> None:
    with store.unit_of_work() as uow:
        for state in (CaseState.OPEN, CaseState.WAITING, CaseState.SNOOZED):
            store_case(uow, 30, Urgency.NORMAL, claimed_by="U0SAM", state=state)
    with explained(store) as (uow, plans):
        seen = view_home(uow, user_id="U0SAM", chosen="all", now=NOW)
    first, *others = (listed.case.state for listed in seen.mine)
    assert (first, len(others)) == (CaseState.OPEN, 2)
    assert plans.scans == []
    assert any("ix_cases_waiting" in plan for plan in plans.lines)
    sorted_cases = [
        one for one, after in pairwise(plans.lines) if one.startswith("SEARCH cases") and after == _SORTED
    ]
    # What is due, of the open cases alone; on PostgreSQL plans are told otherwise.
    assert len(sorted_cases) <= 1


def _call(cost: float) -> ModelCall:
    return ModelCall(
        purpose="draft",
        model="m",
        prompt="p",
        prompt_version="1",
        error="",
        seconds=1.0,
        input_tokens=1,
        output_tokens=1,
        cost=cost,
    )
