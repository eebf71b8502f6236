"""Try whether the database can be written, and tell which one it is."""

from datetime import datetime

from storage.unit_of_work import UnitOfWork


def try_to_write(uow: UnitOfWork, *, by: str, now: datetime) -> str:
    """Write a row, which fails where nothing can be written; return which database this is."""
    uow.marks.try_to_write(by, now)
    return uow.marks.database_id(now)
