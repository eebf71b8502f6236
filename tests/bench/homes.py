"""Measure the queue and App Homes on what the bench of reports has stored.

The floor is one SQL statement that reads the twenty unclaimed cases that rank highest.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import text

from domain.model_calls import ModelBudget
from domain.surge.spending import SpendingBudget
from handlers.cases.queue import list_claimed, view_home
from handlers.reports.team import view_team
from storage.engine import Store
from tests.bench.figures import Figure, at_most

GOAL = 50.0  # ms
_AGENT = "U0AGENT1"
_FIRST = text(
    "SELECT * FROM cases WHERE state = 'open' AND claimed_by IS NULL ORDER BY sort_key DESC, id LIMIT 20"
)


def homes(store: Store, measure: Callable[[Callable[[], object]], float], now: datetime) -> dict[str, float]:
    """Return the milliseconds of each view, by its name; the first is the floor."""

    def read_first() -> None:
        with store.engine.connect() as connection:
            connection.execute(_FIRST).all()

    def next_case() -> None:
        with store.unit_of_work() as uow:
            uow.cases.next_unclaimed()
            list_claimed(uow, user_id=_AGENT)

    def agents_home() -> None:
        with store.unit_of_work() as uow:
            view_home(uow, user_id=_AGENT, chosen="all", now=now)

    def teams_home() -> None:
        with store.unit_of_work() as uow:
            view_team(uow, network_budget=SpendingBudget(), model_budget=ModelBudget(), now=now)

    views = {
        "": read_first,
        "next case and mine": next_case,
        "an agent's Home": agents_home,
        "a manager's Home": teams_home,
    }
    return {name: measure(act) for name, act in views.items()}


def home_figures(took: dict[str, float], what: str) -> list[Figure]:
    """Return the figures of these times."""
    floor, *_ = took.values()
    return [at_most(f"{name}, {what}", "ms", ms, GOAL, floor) for name, ms in took.items() if name]
