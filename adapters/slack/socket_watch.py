"""Notice a Socket Mode connection that is open, and over which nothing comes."""

import json
from collections.abc import Callable
from typing import Any

from aiohttp import WSMessage
from slack_sdk.socket_mode.aiohttp import SocketModeClient

#: Slack says hello at once, and answers our pings, one every five seconds.
SILENT_AFTER = 60.0


class SocketWatch:
    """Keeps when a client's connection last said something, by a clock that is never set back.

    Slack's library compares times of day: after the clock was set back it would take a dead connection for a
    live one for as long as that. It does not look whether Slack ever said hello.

    A new connection counts for nothing until Slack greets it: the library and `reconnect` open one after
    another where none hears anything.
    """

    def __init__(self, client: SocketModeClient, seconds: Callable[[], float]) -> None:
        self._client = client
        self._seconds = seconds
        self._session: object = None
        self._heard_at = self._ungreeted_since = self._opened_at = seconds()
        self._greeted: object = None
        self._pong: float | None = None
        client.on_message_listeners.append(self._on_message)

    @property
    def heard_seconds(self) -> float:
        """How long ago the connection last said something."""
        self._look()
        return self._seconds() - self._heard_at

    @property
    def is_silent(self) -> bool:
        """Whether the connection is open, but silent for long, or was never greeted."""
        self._look()
        now = self._seconds()
        is_ungreeted = self._greeted is not self._session and now - self._ungreeted_since > SILENT_AFTER
        return self._session is not None and (is_ungreeted or now - self._heard_at > SILENT_AFTER)

    async def works(self) -> bool | str:
        """Return whether the connection is open, or in a word what is wrong with one that is."""
        return await self._client.is_connected() and ("silent" if self.is_silent else True)

    async def reconnect(self) -> None:
        """Open another connection in place of one that is silent; a closed one opens by itself.

        Each has its minute.
        """
        if not self.is_silent or self._seconds() - self._opened_at <= SILENT_AFTER:
            return
        self._opened_at = self._seconds()
        await self._client.connect_to_new_endpoint(force=True)

    async def _on_message(self, message: WSMessage) -> None:
        self._look()
        self._heard_at = self._seconds()
        if self._greeted is not self._session and _kind_of(message.data) == "hello":
            self._greeted = self._session

    def _look(self) -> None:
        """Note a new connection, and an answer to a ping."""
        session, pong = self._client.current_session, self._client.last_ping_pong_time
        if session is not self._session:
            self._opened_at = self._seconds()
            if self._greeted is self._session:
                self._ungreeted_since = self._opened_at
            self._session = session
        if pong != self._pong:
            # The library's first value is when it asked, and not an answer.
            self._heard_at = self._heard_at if None in {pong, self._pong} else self._seconds()
            self._pong = pong


def _kind_of(data: Any) -> str:  # noqa: ANN401 - whatever came
    try:
        content = json.loads(data)
    except (TypeError, ValueError):
        return ""
    return str(content.get("type", "")) if isinstance(content, dict) else ""
