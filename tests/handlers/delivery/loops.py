"""Fill and read the outbox of a delivery loop."""

import asyncio

from domain.delivery.effect import Effect
from domain.delivery.effects import Alert, Job, SendPublicReply
from domain.delivery.outcomes import Outcome
from storage.engine import Store
from tests.handlers.made import NOW, queued

REPLY = SendPublicReply(1, 1, "x")
HELLO = Alert("hello", "once", "C1")


def put(store: Store, *effects: Effect) -> None:
    """Add effects to the outbox."""
    with store.unit_of_work() as uow:
        uow.outbox.add(effects, now=NOW)


def states(store: Store) -> list[str]:
    """Return the state of each row of the outbox, oldest first."""
    return [row["state"] for row in queued(store)]


async def never(_job: Job) -> Outcome:
    """Perform an effect that does not end."""
    await asyncio.Event().wait()
    raise AssertionError("unreachable")
