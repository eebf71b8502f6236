"""Check the database for `bot.py check`."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from domain.diagnostics import CheckLine
from domain.model_calls import ModelUsage, Spend
from domain.operations.clocks import SKEW
from domain.surge.spending import Spent
from storage.backup import sqlite_file
from storage.database_file import require_sound
from storage.engine import Store, open_store
from storage.errors import SchemaError, StoreError, StoreInUse
from storage.schema import check_at_head, is_empty
from storage.unit_of_work import UnitOfWork

NAME = "Database"
T = TypeVar("T")


def check_database(url: str) -> CheckLine:
    """Open the database and compare its revision; changes nothing."""
    try:
        store = open_store(url)
    except StoreInUse:
        return CheckLine(NAME, ok=None, detail="in use by a bot that runs already")
    except StoreError as error:
        return CheckLine(NAME, ok=False, detail=str(error), remedy="Set DATABASE_URL")
    try:
        return _check_contents(store, sqlite_file(url))
    except SchemaError as error:
        return CheckLine(NAME, ok=False, detail=str(error), remedy="Run `python bot.py migrate`")
    except StoreError as error:
        return CheckLine(NAME, ok=False, detail=str(error))
    except SQLAlchemyError as error:
        # The driver's message may contain the URL with its password.
        return CheckLine(
            NAME, ok=False, detail=f"cannot be reached ({type(error).__name__})", remedy="Set DATABASE_URL"
        )
    finally:
        store.close()


def _check_contents(store: Store, file: Path | None) -> CheckLine:
    """Check what is in the database; raises `StoreError` where it is damaged, or of another version."""
    if file is not None and file.exists():
        require_sound(file)
    if is_empty(store):
        return CheckLine(NAME, ok=True, detail="empty; `run` will make its tables")
    check_at_head(store)
    return CheckLine(NAME, ok=True, detail="reached, and its tables are this version's")


def check_clocks(url: str) -> CheckLine | None:
    """Compare the clocks of the copies that run; `None` where fewer than two do."""
    nothing: list[timedelta] = []
    clocks = _read(url, lambda uow: uow.marks.clocks(), if_empty=nothing) or nothing
    if len(clocks) <= 1:
        return None
    name, apart = "Clocks of the copies", max(clocks) - min(clocks)
    detail = f"{len(clocks)} copies, {apart.total_seconds():.0f} s apart"
    if apart <= SKEW:
        return CheckLine(name, ok=True, detail=detail)
    remedy = "Set the clocks of their machines (NTP): until then one of them sends nothing"
    return CheckLine(name, ok=False, detail=detail, remedy=remedy)


def read_model_calls(url: str, *, today: datetime, since: datetime) -> tuple[Spend, list[ModelUsage]] | None:
    """Return what the language model cost today, and each prompt version since `since`.

    `None` where the database cannot be read: it is empty, of another version, or SQLite in use by a bot.
    """
    nothing: tuple[Spend, list[ModelUsage]] = Spend(), []
    return _read(
        url,
        lambda uow: (uow.model_calls.spend(since=today), uow.model_calls.usage(since=since)),
        if_empty=nothing,
    )


def read_spending(url: str, *, day: str) -> list[Spent] | None:
    """Return what was spent on the networks in a day; `None` as in `read_model_calls`."""
    nothing: list[Spent] = []
    return _read(url, lambda uow: uow.spending.of_day(day), if_empty=nothing)


def count_confirmed_subscribers(url: str) -> int | None:
    """Count those on the e-mail list who confirmed; `None` as in `read_model_calls`."""
    return _read(url, lambda uow: sum(uow.subscribers.confirmed_by_language().values()), if_empty=0)


def read_beside_bot(url: str, query: Callable[[Store], T]) -> T | None:
    """Return what `query` finds in the store, which a bot may use meanwhile.

    `None` where the database cannot be read: it is empty, or of another version.
    """
    try:
        with closing(open_store(url, beside_bot=True)) as store:
            if is_empty(store):
                return None
            check_at_head(store)
            return query(store)
    except (StoreError, SQLAlchemyError):
        return None


def _read(url: str, query: Callable[[UnitOfWork], T], *, if_empty: T) -> T | None:
    try:
        store = open_store(url)
    except StoreError:
        return None
    try:
        if is_empty(store):
            return if_empty
        check_at_head(store)
        with store.unit_of_work() as uow:
            return query(uow)
    except (SchemaError, SQLAlchemyError):
        return None
    finally:
        store.close()
