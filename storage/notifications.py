"""Receive PostgreSQL notifications from other processes, on a thread of its own.

A notification only wakes its listeners; the data is in the tables.
"""

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

RECONNECT_SECONDS = 1.0
#: Silence after which the connection is pinged, to detect that it is broken.
PING_SECONDS = 30.0

#: Called with each topic, and with `None` where some may have been missed.
OnTopic = Callable[[str | None], None]


class NotificationListener:
    """A connection that listens until it is stopped; reconnects where it is lost."""

    def __init__(self, engine: Engine, on_topic: OnTopic) -> None:
        self._engine = engine
        self._on_topic = on_topic
        self._stopped = Event()
        self._is_reported = False
        self._stop_sender, self._stop_receiver = socket.socketpair()
        self._thread = Thread(target=self._run, name="notifications", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread and wait for its end."""
        self._stopped.set()
        self._stop_sender.send(b"x")
        self._thread.join()
        self._stop_sender.close()
        self._stop_receiver.close()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._listen()
            except (psycopg.Error, DBAPIError, OSError) as error:
                if not self._is_reported:
                    self._is_reported = True
                    reason = type(error).__name__
                    log.warning("PostgreSQL's notifications cannot be received, reconnecting: %s", reason)
                self._stopped.wait(RECONNECT_SECONDS)

    def _listen(self) -> None:
        with self._connect() as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            if self._is_reported:
                self._is_reported = False
                log.warning("PostgreSQL's notifications are received again")
            self._on_topic(None)
            with selectors.DefaultSelector() as selector:
                selector.register(connection.fileno(), selectors.EVENT_READ)
                selector.register(self._stop_receiver, selectors.EVENT_READ)
                while not self._stopped.is_set():
                    if not selector.select(PING_SECONDS):
                        connection.execute("SELECT 1")
                    for notification in connection.notifies(timeout=0):
                        self._on_topic(notification.payload)

    def _connect(self) -> psycopg.Connection:
        """Open a connection with the engine's settings, detached from its pool."""
        pooled = self._engine.raw_connection()
        connection = pooled.driver_connection
        pooled.detach()
        if not isinstance(connection, psycopg.Connection):
            raise TypeError("only PostgreSQL can be listened to")
        with suppress(psycopg.Error):
            connection.rollback()
        connection.autocommit = True
        return connection
