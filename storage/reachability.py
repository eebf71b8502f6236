"""Wait for a database that cannot be reached, and say in a sentence what is wrong with its address."""

import logging
import re
import time
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SAWarning

from storage.errors import StoreError, StoreUnreachable

if TYPE_CHECKING:
    from storage.engine import Store

RETRY_SECONDS = 5.0
#: How the driver speaks of the value of an option: "invalid sslmode value", "invalid port number".
_REFUSED_VALUE = re.compile(r"\binvalid (?:integer value|[\w ]+ value:|port number)")

log = logging.getLogger(__name__)


def require_reachable(engine: Engine) -> None:
    """Connect once. Raises `StoreUnreachable`, or `StoreError` where the address cannot be used.

    Without the driver's words, which may hold the password.
    """
    from psycopg import ProgrammingError
    from psycopg.conninfo import make_conninfo

    try:
        # Before the host is looked up: one that is not found is waited for.
        make_conninfo("", **dict.fromkeys(engine.url.query, ""))
        engine.connect().close()
    except ProgrammingError as error:
        raise _unknown_option(error) from None
    except OperationalError as error:
        if _REFUSED_VALUE.search(str(error.orig)):
            raise _unknown_option(error) from None
        raise StoreUnreachable(
            f"The database{_place(engine)} cannot be reached. Start it, or correct DATABASE_URL."
        ) from None
    except DBAPIError as error:
        raise _unknown_option(error) from None


@contextmanager
def refusing_options() -> Generator[None]:
    """Raise `StoreError` where the URL of the engine that is created meanwhile has an unknown option."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", SAWarning)
        try:
            yield
        except (ArgumentError, SAWarning, ValueError, TypeError) as error:
            raise _unknown_option(error) from None


def _unknown_option(error: Exception) -> StoreError:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return StoreError(
        f"DATABASE_URL cannot be used ({type(cause).__name__}): it has an option, or the value of one, that the database's "
        "driver does not know. Correct or take out what stands behind the question mark."
    )


def wait_until_reachable(
    open_once: Callable[[], "Store"], sleep: Callable[[float], None] = time.sleep
) -> None:
    """Return once `open_once` reaches the database; says once that it waits. Raises other `StoreError`s."""
    is_reported = False
    while True:
        try:
            return open_once().close()
        except StoreUnreachable as error:
            if not is_reported:
                log.warning("%s Waiting, with a look every %g seconds.", error, RETRY_SECONDS)
            is_reported = True
            sleep(RETRY_SECONDS)


def _place(engine: Engine) -> str:
    host, port = engine.url.host, engine.url.port
    return f" at {host}{f':{port}' if port else ''}" if host else ""
