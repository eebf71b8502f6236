"""What other copies of the bot say on PostgreSQL's channel, heard on a thread of its own. A word only wakes: the tables are the truth."""

import logging
import selectors
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from storage.signals import CHANNEL

log = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0
#: How long a connection may be silent before it is asked whether it is still there.
PING_SECONDS = 30.0

#: Told each topic, and `None` where some may have been missed.
Hear = Callable[[str | None], None]


class Listening:
    """A connection that listens until it is stopped; where it is lost another takes its place."""

    def __init__(self, engine: Engine, hear: Hear) -> None:
        self._engine = engine
        self._hear = hear
        self._stopped = Event()
        self._wake, self._woken = socket.socketpair()
        self._thread = Thread(target=self._run, name="listening", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and wait for its end."""
        self._stopped.set()
        self._wake.send(b"x")
        self._thread.join()
        self._wake.close()
        self._woken.close()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._listen()
            except (psycopg.Error, DBAPIError, OSError) as error:
                log.warning(
                    "PostgreSQL's signals cannot be heard, so it is tried again: %s", type(error).__name__
                )
                self._stopped.wait(AGAIN_SECONDS)

    def _listen(self) -> None:
        with self._connect() as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self._hear(None)
            with selectors.DefaultSelector() as waiting:
                waiting.register(connection.fileno(), selectors.EVENT_READ)
                waiting.register(self._woken, selectors.EVENT_READ)
                while not self._stopped.is_set():
                    if not waiting.select(PING_SECONDS):
                        connection.execute("SELECT 1")
                    for notice in connection.notifies(timeout=0):
                        self._hear(notice.payload)

    def _connect(self) -> psycopg.Connection:
        """One of the engine's making that is not the pool's any more."""
        pooled = self._engine.raw_connection()
        connection = pooled.driver_connection
        pooled.detach()
        if not isinstance(connection, psycopg.Connection):
            raise TypeError("only PostgreSQL can be listened to")
        with suppress(psycopg.Error):
            connection.rollback()
        connection.autocommit = True
        return connection
