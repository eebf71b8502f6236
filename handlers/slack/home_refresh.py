"""Publish App Homes: when one is opened, filtered, or outdated by its reader's own act."""

from datetime import datetime

from domain.delivery.effects import PublishHome
from handlers.context import AppContext
from storage.unit_of_work import UnitOfWork


async def publish_home(ctx: AppContext, user_id: str, chosen: str) -> None:
    """Enqueue one user's App Home with the filter `chosen`."""
    await ctx.desk.run(_enqueue, PublishHome(user_id, chosen), ctx.clock.now())


def _enqueue(uow: UnitOfWork, effect: PublishHome, now: datetime) -> None:
    uow.outbox.add([effect], now=now)
