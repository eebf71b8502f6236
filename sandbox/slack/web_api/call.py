"""One call of a Web API method: its arguments, typed, and the workspace it acts on."""

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
        """A text argument; raises invalid_arguments when it is another kind of JSON."""
        value = self.arguments.get(name, default)
        if value is None:
            return default
        if isinstance(value, bool | int | float):
            return str(value)
        if not isinstance(value, str):
            raise invalid("invalid_arguments", [f"must provide a string [json-pointer:/{name}]"])
        return value

    def required(self, name: str) -> str:
        """A text argument that must be there; raises invalid_arguments."""
        value = self.text(name)
        if not value:
            raise invalid("invalid_arguments", [f"missing required field: {name} [json-pointer:/]"])
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean argument, in any of the ways in which forms and JSON write it."""
        if name not in self.arguments:
            return default
        return self.text(name) not in _FALSE

    def number(self, name: str, default: int, maximum: int) -> int:
        """A whole number from 1 to `maximum`; raises invalid_limit."""
        value = self.text(name)
        if not value:
            return default
        if not value.isdecimal() or not 1 <= int(value) <= maximum:
            raise SlackError("invalid_limit")
        return int(value)

    def json(self, name: str, malformed: str = "invalid_arguments") -> object:
        """An argument that is JSON itself, as text in forms; raises `malformed`. None when absent."""
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
        """A comma-separated list (or a JSON array)."""
        value = self.arguments.get(name)
        if isinstance(value, list):
            return [str(entry) for entry in value]
        return [entry.strip() for entry in self.text(name).split(",") if entry.strip()]

    def channel(self, *, by_name: bool = False) -> Channel:
        """The conversation that the call names, as far as the bot can see it; raises channel_not_found.

        Slack takes a channel's name only where a message is posted.
        """
        given = self.required("channel")
        if given.startswith("#") and not by_name:
            raise SlackError("channel_not_found")
        return self.state.channel(given, viewer=self.state.app.bot_user_id)

    def need(self, *scopes: str) -> None:
        """Raise missing_scope unless the app has one of the scopes."""
        if scopes and not self.state.scopes.intersection(scopes):
            raise missing_scope(scopes, self.state.scopes)

    def page(self, entries: list[Json], size: int) -> tuple[list[Json], Json]:
        """One page of a list and its response_metadata; raises invalid_cursor."""
        start = self.position()
        following = start + size
        cursor = encode_cursor(following) if following < len(entries) else ""
        return entries[start:following], {"next_cursor": cursor}

    def position(self) -> int:
        """How many entries the caller's cursor has behind it; raises invalid_cursor."""
        cursor = self.text("cursor")
        if not cursor:
            return 0
        try:
            return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
        except ValueError as failure:
            raise SlackError("invalid_cursor") from failure


def encode_cursor(position: int) -> str:
    """An opaque cursor."""
    return base64.b64encode(f"next:{position}".encode()).decode()


def missing_scope(needed: tuple[str, ...], provided: set[str]) -> SlackError:
    """The refusal that names what is needed and what the token has."""
    extra = {"needed": ",".join(needed), "provided": ",".join(sorted(provided))}
    return SlackError("missing_scope", extra=extra)


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method: what it does, one of which scopes it needs, its tier, and whose token it takes."""

    act: Callable[[Call], Awaitable[Json]]
    scopes: tuple[str, ...] = ()
    tier: int = 4
    caller: Literal["bot", "app", "anyone", "nobody"] = "bot"
