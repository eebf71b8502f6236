"""Read what a manager's App Home shows of the team."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.model_calls import ModelBudget
from domain.reports.filters import Filters
from domain.reports.periods import parse_period
from domain.reports.team import AGE_LIMITS, Spending, TeamView
from domain.surge.spending import SpendingBudget
from domain.surge.spikes import RETENTION
from handlers.cases.promises import due_promises
from handlers.cases.queue import DUE_SOON_WITHIN
from storage.unit_of_work import UnitOfWork

MAX_HOLDERS = 15
MAX_DUE = 10
MAX_PROMISES = 8
_UTC = ZoneInfo("UTC")


def view_team(
    uow: UnitOfWork, *, network_budget: SpendingBudget, model_budget: ModelBudget, now: datetime
) -> TeamView:
    """Read the team as it is at one moment."""
    uow.read_snapshot()
    figures = uow.team_figures
    holders, holder_count = figures.held(limit=MAX_HOLDERS)
    away, shown = figures.away(now), {one.user_id for one in holders}
    return TeamView(
        made_at=now,
        counts=uow.cases.counts(),
        waiting=figures.waiting([now - limit for limit in AGE_LIMITS]),
        holders=[replace(one, away_until=away.get(one.user_id)) for one in holders],
        holder_count=holder_count,
        away={user_id: until for user_id, until in away.items() if user_id not in shown},
        due_soon=uow.cases.due_before(now + DUE_SOON_WITHIN, limit=MAX_DUE),
        promises=[(one.promise, one.case) for one in due_promises(uow, limit=MAX_PROMISES)],
        spikes=[spike for spike in uow.spikes.since(now - RETENTION) if spike.is_open],
        outages=uow.outages.open()[::-1],
        pause=uow.pauses.current(),
        networks=_networks(uow, network_budget, now),
        model=_model(uow, model_budget, now),
    )


def _networks(uow: UnitOfWork, budget: SpendingBudget, now: datetime) -> dict[str, Spending]:
    """Return what each network charged this month and today, as days in UTC."""
    first = now.astimezone(_UTC).date().replace(day=1)
    month, today = (parse_period(words, now=now, zone=_UTC) for words in (f"{first}..", "today"))
    months, days = (uow.figures.spend(period.days, Filters()) for period in (month, today))
    return {
        network: Spending(month=cost, today=days.get(network, 0.0), daily_cap=budget.daily)
        for network, cost in months.items()
    }


def _model(uow: UnitOfWork, budget: ModelBudget, now: datetime) -> Spending:
    today = now.astimezone(_UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    month = today - timedelta(days=today.day - 1)
    return Spending(
        month=uow.model_calls.spend(since=month).cost,
        today=uow.model_calls.spend(since=today).cost,
        daily_cap=budget.daily_cost,
    )
