"""Settle the promises of a history: most as kept, a few as broken."""

from datetime import datetime

from domain.cases.promises import Promise
from handlers.cases.promises import BATCH, act_on_promises, mark_kept
from storage.unit_of_work import UnitOfWork

MAX_DUE = 500
#: Of so many promises one is broken.
BROKEN_EVERY = 12


def settle_promises(uow: UnitOfWork, *, until: datetime) -> None:
    """Settle the promises that are due by then, each at its time."""
    for promise in uow.promises.open(limit=MAX_DUE):
        if promise.due_at <= until and not _is_broken(promise):
            at = promise.made_at + 2 * (promise.due_at - promise.made_at) / 3
            mark_kept(uow, promise_id=promise.id, user_id=promise.made_by or "", now=at)
    while act_on_promises(uow, managers=(), now=until) == BATCH:
        pass


def _is_broken(promise: Promise) -> bool:
    return promise.id % BROKEN_EVERY == BROKEN_EVERY - 1
