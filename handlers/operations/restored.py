"""Keep a restored database from sending again what was sent after the backup."""

from dataclasses import dataclass
from datetime import datetime

from domain.outages.bulk_answers import BulkState
from domain.records.audit import SYSTEM
from handlers.outages.stopping import skip_rest
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was marked: messages to be looked for, mailings and bulk answers that were ended."""

    unsure: int
    mailings: int
    bulk_answers: int


def mark_restored(uow: UnitOfWork, *, now: datetime) -> Restored:
    """Treat all that waited to be sent as if it may have been sent.

    Messages become unsure: they are looked for on the other side, and a person is asked where that does not
    tell. Mailings and bulk answers, of which the other side cannot be asked for each recipient, end.
    """
    return Restored(
        bulk_answers=_stop_bulk_answers(uow, now),
        mailings=uow.mailings.give_up_all(now),
        unsure=uow.outbox.mark_all_unsure(now=now),
    )


def _stop_bulk_answers(uow: UnitOfWork, now: datetime) -> int:
    running = uow.bulk_answers.running()
    uow.outages.lock(sorted({bulk.outage_id for bulk in running}))
    for bulk in running:
        uow.bulk_answers.end(bulk.id, BulkState.ABORTED, at=now, by=SYSTEM)
        skip_rest(uow, bulk, uow.outages.get(bulk.outage_id), by=SYSTEM, now=now)
    return len(running)
