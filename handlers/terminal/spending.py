"""Show in `bot.py check` what the networks charged today."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from itertools import groupby

from adapters.networks.entry import NetworkEntry
from adapters.settings import Settings
from domain.diagnostics import CheckLine
from domain.surge.spending import Spent, day_of
from storage.diagnostics import read_spending

NAME = "Network cost"


async def check_spending(
    settings: Settings, registry: Mapping[str, NetworkEntry], now: datetime
) -> list[CheckLine]:
    """Return a line for each network on which something was spent today."""
    url = settings.environment.database_url.get_secret_value()
    spent = await asyncio.to_thread(read_spending, url, day=day_of(now))
    if spent is None:
        detail = "what it cost cannot be read: the database is in use, or not ready"
        return [CheckLine(NAME, ok=None, detail=detail)]
    daily = settings.choices.intake.daily_budget
    return [
        _line(registry[name].profile.label if name in registry else name, list(acts), daily)
        for name, acts in groupby(spent, key=lambda one: one.network)
    ]


def _line(label: str, acts: list[Spent], daily: float) -> CheckLine:
    total = sum(one.cost for one in acts)
    budget = f" of ${daily:,.2f}" if daily else ""
    each = ", ".join(f"{one.count:,} {one.act} ${one.cost:,.2f}" for one in acts)
    return CheckLine(NAME, ok=None, detail=f"{label}, today (UTC): ${total:,.2f}{budget}: {each}")
