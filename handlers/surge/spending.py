"""Meter what the networks charge, warn of the daily budget, and pause what can wait when it is used up."""

from datetime import datetime

from domain.delivery.effects import Alert
from domain.networks import NetworkProfile
from domain.policy import Policy
from domain.surge.spending import WARN_FROM, Act, Spent, day_of
from storage.unit_of_work import UnitOfWork


def may_read(uow: UnitOfWork, *, policy: Policy, network: str, act: Act, now: datetime) -> bool:
    """Return whether today's budget leaves room for this kind of read."""
    budget = policy.spending
    return not budget.daily or not budget.pauses(act, uow.spending.cost(day_of(now), network))


def meter(
    uow: UnitOfWork, *, policy: Policy, profile: NetworkProfile, act: Act, count: int, now: datetime
) -> None:
    """Record acts that the network charges for at its price; nothing where it charges nothing."""
    price = profile.prices.get(act)
    if price and count:
        record_spent(uow, policy=policy, profile=profile, act=act, cost=count * price, count=count, now=now)


def record_spent(
    uow: UnitOfWork,
    *,
    policy: Policy,
    profile: NetworkProfile,
    act: Act,
    cost: float,
    now: datetime,
    count: int = 1,
) -> None:
    """Record what acts cost, and alert once a day from 80 % of the budget on, and when it is used up."""
    day, budget = day_of(now), policy.spending
    uow.spending.add(day, Spent(network=profile.name, act=act, count=count, cost=cost))
    if not budget.daily:
        return
    total = uow.spending.cost(day, profile.name)
    of_budget = f"${total:,.2f} of today's ${budget.daily:,.2f} for {profile.label}"
    if budget.is_used_up(total):
        what = "Search and mentions are" if budget.pauses_mentions else "Search is"
        goes_on = "" if budget.pauses_mentions else " Mentions are read as before."
        text = (
            f"{of_budget} are spent. {what} not read any more until midnight UTC; nothing is lost: the posts "
            f"are read then.{goes_on} The budget is intake.daily_budget in switchboard.toml."
        )
        _alert_once_a_day(uow, policy, text, f"budget_used_up:{profile.name}:{day}", now)
    elif budget.is_nearly_used_up(total):
        text = f"{of_budget} are spent, {WARN_FROM:.0%} or more. At 100 % search pauses until midnight UTC."
        _alert_once_a_day(uow, policy, text, f"budget_nearly:{profile.name}:{day}", now)


def _alert_once_a_day(uow: UnitOfWork, policy: Policy, text: str, key: str, now: datetime) -> None:
    uow.outbox.add([Alert(text=text, dedupe_key=key, channel=policy.alert_channel)], now=now)
