"""Save changes of an outage and of its notices, with their audit entries and the update of the board."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from domain.delivery.outage_effects import PostBoard, UpdateBoard
from domain.outages.outage import Outage
from domain.records.audit import Action, Entry
from storage.unit_of_work import UnitOfWork

#: How long a board may take to be posted before it is taken for missing.
BOARD_WITHIN = timedelta(minutes=1)


def record(
    uow: UnitOfWork,
    outage: Outage,
    *,
    actor: str,
    action: Action,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write an audit entry of the outage and have its board updated."""
    entry = Entry(
        at=now,
        actor=actor,
        action=action,
        case_id=None,
        version=outage.version,
        detail=detail or {},
        outage_id=outage.id,
    )
    uow.audit.add_many([entry])
    uow.outbox.add([UpdateBoard(outage.id)], now=now)


def record_lead(uow: UnitOfWork, before: Outage, after: Outage, *, actor: str, now: datetime) -> None:
    """Record that somebody else leads an outage."""
    detail = {"from": before.lead, "to": after.lead}
    record(uow, after, actor=actor, action=Action.OUTAGE_LED, now=now, detail=detail)


def post_board(uow: UnitOfWork, outage: Outage, *, channel: str, now: datetime) -> None:
    """Have the outage's board posted in the on-call channel."""
    uow.outbox.add([PostBoard(outage.id, channel)], now=now)


def replace_board(uow: UnitOfWork, outage: Outage, *, channel: str, now: datetime) -> None:
    """Have the board of an open outage posted again: the message was deleted, or could not be posted."""
    if outage.is_open:
        uow.outbox.add([PostBoard(outage.id, channel, again=int(now.timestamp()))], now=now)


def post_missing_boards(uow: UnitOfWork, *, channel: str, now: datetime) -> None:
    """Have the boards of open outages posted that could not be before."""
    for outage in uow.outages.open():
        if outage.board_ts is None and outage.opened_at + BOARD_WITHIN < now:
            replace_board(uow, outage, channel=channel, now=now)


def update_board(uow: UnitOfWork, outage: Outage, *, now: datetime) -> None:
    """Have the outage's board updated."""
    uow.outbox.add([UpdateBoard(outage.id)], now=now)


def update_open_boards(uow: UnitOfWork, *, now: datetime) -> None:
    """Have the boards of all open outages updated."""
    uow.outbox.add([UpdateBoard(outage.id) for outage in uow.outages.open()], now=now)
