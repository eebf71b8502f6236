"""Decide what a budget pauses: what can wait, and mentions only where that was chosen."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.surge.spending import Act, SpendingBudget, day_of


def test_without_a_budget_nothing_is_paused() -> None:
    budget = SpendingBudget()
    assert not any(budget.pauses(act, 1e9) for act in Act)
    assert not budget.is_nearly_used_up(1e9)
    assert not budget.is_used_up(0.0)


@pytest.mark.parametrize(
    ("cost", "near", "used_up"),
    [(0.0, False, False), (7.99, False, False), (8.0, True, False), (9.99, True, False), (10.0, True, True)],
)
def test_it_warns_from_80_percent_on(cost: float, near: bool, used_up: bool) -> None:
    budget = SpendingBudget(daily=10.0)
    assert (budget.is_nearly_used_up(cost), budget.is_used_up(cost)) == (near, used_up)


def test_search_is_paused_first_and_mentions_only_by_choice() -> None:
    first = {Act.SEARCH, Act.LOOK_BACK, Act.PUSHED}
    assert {act for act in Act if SpendingBudget(daily=1.0).pauses(act, 1.0)} == first
    both = SpendingBudget(daily=1.0, pauses_mentions=True)
    assert {act for act in Act if both.pauses(act, 1.0)} == {*first, Act.MENTIONS}
    assert not any(both.pauses(act, 0.99) for act in Act)


def test_a_day_is_that_of_utc() -> None:
    late = datetime(2026, 11, 29, 23, 30, tzinfo=timezone(timedelta(hours=-3)))
    assert day_of(late) == "2026-11-30" == day_of(datetime(2026, 11, 30, tzinfo=UTC))
