"""Find out which database this is and how clocks differ, and try whether it can be written."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from storage.unit_of_work import UnitOfWork


def database_id(uow: UnitOfWork, *, now: datetime) -> str:
    """Return which database this is."""
    return uow.marks.database_id(now)


def try_to_write(uow: UnitOfWork, *, by: str, now: datetime) -> None:
    """Write a row, which fails where nothing can be written."""
    uow.marks.try_to_write(by, now)


def server_time(uow: UnitOfWork) -> datetime | None:
    """Return the time by the database's clock, which all copies share; `None` where there is one copy."""
    return uow.marks.server_time()


def compare_clocks(uow: UnitOfWork, *, owner: str, ahead: timedelta) -> Sequence[timedelta]:
    """Store by how much this copy's clock is ahead of the database's; return that of the other copies."""
    return uow.marks.compare_clocks(owner, ahead)
