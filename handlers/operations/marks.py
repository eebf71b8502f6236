"""Tell which database this is, and try whether it can be written."""

from datetime import datetime

from storage.unit_of_work import UnitOfWork


def database_id(uow: UnitOfWork, *, now: datetime) -> str:
    """Return which database this is."""
    return uow.marks.database_id(now)


def try_to_write(uow: UnitOfWork, *, by: str, now: datetime) -> None:
    """Write a row, which fails where nothing can be written."""
    uow.marks.try_to_write(by, now)
