"""Read the figures that operators watch."""

from collections.abc import Collection
from datetime import datetime

from domain.operations.figures import MentionsToday, NetworkSpend, OperationsFigures
from domain.surge.spending import day_of
from handlers.desk import TIMERS
from handlers.triage.model_calls import start_of_day
from storage.unit_of_work import UnitOfWork


def read_figures(
    uow: UnitOfWork, *, accounts: Collection[tuple[str, str]], now: datetime
) -> OperationsFigures:
    """Read the figures; `accounts` are ours, by network and id, whose streams are read."""
    spent: dict[str, float] = {}
    for one in uow.spending.of_day(day_of(now)):
        spent[one.network] = spent.get(one.network, 0.0) + one.cost
    return OperationsFigures(
        lanes=uow.operations.lanes(now),
        unsure=uow.operations.unsure(),
        delivered_at=uow.operations.delivered_at(),
        is_led=uow.operations.is_led(TIMERS),
        streams=uow.operations.streams(accounts),
        queue=uow.operations.queue(),
        spent=[NetworkSpend(network=network, cost=cost) for network, cost in spent.items()],
        mentions=[
            MentionsToday(
                network=day.counted.network,
                late=day.counted.late,
                missing=day.counted.missing + day.unreadable,
            )
            for day in uow.completeness.days_since(day_of(now))
        ],
        model=uow.model_calls.spend(since=start_of_day(now)),
    )
