"""One call of a Web API method: its typed arguments and the workspace state."""

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from sandbox.slack.entities import Channel
from sandbox.slack.errors import SlackError, invalid
from sandbox.slack.jsons import Json
from sandbox.slack.state import State

_FALSE = {"", "0", "false", "False", "no"}


@dataclass(frozen=True, slots=True)
class Call:
    """The arguments of a call by the app, and the state it acts on."""

    state: State
    arguments: Json

    def text(self, name: str, default: str = "") -> str:
        """Return a text argument; raises invalid_arguments when it is another kind of JSON."""
        value = self.arguments.get(name, default)
        if value is None:
            return default
        if isinstance(value, bool | int | float):
            return str(value)
        if not isinstance(value, str):
            raise invalid("invalid_arguments", [f"must provide a string [json-pointer:/{name}]"])
        return value

    def required(self, name: str) -> str:
        """Return a required text argument; raises invalid_arguments when it is missing."""
        value = self.text(name)
        if not value:
            raise invalid("invalid_arguments", [f"missing required field: {name} [json-pointer:/]"])
        return value

    def flag(self, name: str) -> bool:
        """Return a boolean argument, in any notation of forms and JSON."""
        return name in self.arguments and self.text(name) not in _FALSE

    def limit(self, default: int, maximum: int) -> int:
        """Return the size of a page, from 1 to `maximum`; raises invalid_limit."""
        value = self.text("limit")
        if not value:
            return default
        if not value.isdecimal() or not 1 <= int(value) <= maximum:
            raise SlackError("invalid_limit")
        return int(value)

    def json(self, name: str, malformed: str = "invalid_arguments") -> object:
        """Return an argument that is JSON itself, a string in forms; None when absent. Raises `malformed`."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except (ValueError, RecursionError) as failure:
            raise SlackError(malformed) from failure

    def names(self, name: str) -> list[str]:
        """Return a comma-separated list (or a JSON array)."""
        value = self.arguments.get(name)
        if isinstance(value, list):
            return [str(entry) for entry in value]
        return [entry.strip() for entry in self.text(name).split(",") if entry.strip()]

    def channel(self, *, by_name: bool = False) -> Channel:
        """Return the conversation that the call names, if the bot can see it; raises channel_not_found.

        Slack accepts a channel's name only where a message is posted.
        """
        given = self.required("channel")
        if given.startswith("#") and not by_name:
            raise SlackError("channel_not_found")
        return self.state.channel(given, viewer=self.state.app.bot_user_id)

    def require_scope(self, *scopes: str) -> None:
        """Raise missing_scope unless the app has one of the scopes."""
        if scopes and not self.state.scopes.intersection(scopes):
            raise missing_scope(scopes, self.state.scopes)

    def page(self, entries: list[Json], size: int) -> tuple[list[Json], Json]:
        """Return one page of a list and its response_metadata; raises invalid_cursor."""
        start = self.position()
        following = start + size
        cursor = encode_cursor(following) if following < len(entries) else ""
        return entries[start:following], {"next_cursor": cursor}

    def position(self) -> int:
        """Return the offset that the caller's cursor encodes; raises invalid_cursor."""
        cursor = self.text("cursor")
        if not cursor:
            return 0
        try:
            return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
        except ValueError as failure:
            raise SlackError("invalid_cursor") from failure


def encode_cursor(position: int) -> str:
    """Encode an opaque cursor."""
    return base64.b64encode(f"next:{position}".encode()).decode()


def missing_scope(needed: tuple[str, ...], provided: set[str]) -> SlackError:
    """Build the refusal that names the needed and the provided scopes."""
    extra = {"needed": ",".join(needed), "provided": ",".join(sorted(provided))}
    return SlackError("missing_scope", extra=extra)


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method: its handler, the scopes of which one is needed, its tier, and its token type."""

    act: Callable[[Call], Awaitable[Json]]
    scopes: tuple[str, ...] = ()
    tier: int = 4
    caller: Literal["bot", "app", "anyone", "nobody"] = "bot"
