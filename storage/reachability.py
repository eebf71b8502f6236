"""Wait for a database that cannot be reached, and say in a sentence what is wrong with its address."""

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from storage.errors import StoreError, StoreUnreachable

if TYPE_CHECKING:
    from storage.engine import Store

RETRY_SECONDS = 5.0

log = logging.getLogger(__name__)


def require_reachable(engine: Engine) -> None:
    """Connect once. Raises `StoreUnreachable`, or `StoreError` where the address cannot be used.

    Without the driver's words, which may hold the password.
    """
    try:
        engine.connect().close()
    except OperationalError:
        raise StoreUnreachable(
            f"The database{_place(engine)} cannot be reached. Start it, or correct DATABASE_URL."
        ) from None
    except DBAPIError as error:
        raise StoreError(
            f"DATABASE_URL cannot be used ({type(error.orig).__name__}): it has an option that the database's driver "
            "does not know. Take out what stands behind the question mark."
        ) from None


def wait_until_reachable(
    open_once: Callable[[], "Store"], sleep: Callable[[float], None] = time.sleep
) -> None:
    """Return once `open_once` reaches the database; says once that it waits. Raises other `StoreError`s."""
    is_told = False
    while True:
        try:
            return open_once().close()
        except StoreUnreachable as error:
            if not is_told:
                log.warning("%s Waiting, with a look every %g seconds.", error, RETRY_SECONDS)
            is_told = True
            sleep(RETRY_SECONDS)


def _place(engine: Engine) -> str:
    host, port = engine.url.host, engine.url.port
    return f" at {host}{f':{port}' if port else ''}" if host else ""
