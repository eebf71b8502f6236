"""Expiring tokens: trigger ids (3 seconds, single use) and response URLs (30 minutes, 5 uses)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.slack.errors import SlackError, invalid
from sandbox.slack.limits import Limits

REMEMBERED_SECONDS = 3600.0
"""How long an expired id is still distinguished from an unknown one."""


@dataclass(slots=True)
class Trigger:
    """Permission for `user` to open one view."""

    user: str
    expires_at: float
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Permission to answer an interaction: its channel, and the message that holds the pressed element."""

    user: str
    channel: str
    expires_at: float
    uses_left: int
    message_ts: str = ""
    ephemeral: bool = False


class Triggers:
    """The live trigger ids and response URLs of a workspace."""

    def __init__(self, limits: Callable[[], Limits], clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._triggers: dict[str, Trigger] = {}
        self._response_urls: dict[str, ResponseUrl] = {}

    def new(self, user: str) -> str:
        """Create a trigger id for an action of this person."""
        _drop_expired(self._triggers, self._clock() - REMEMBERED_SECONDS)
        trigger_id = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**13)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user, self._clock() + self._limits().trigger_seconds)
        return trigger_id

    def check(self, trigger_id: str) -> Trigger:
        """Return an unused trigger; raises invalid_arguments, expired_trigger_id or exchanged_trigger_id."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise invalid("invalid_arguments", ["invalid `trigger_id` [json-pointer:/trigger_id]"])
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock() >= trigger.expires_at:
            raise SlackError("expired_trigger_id")
        return trigger

    def new_response_url(
        self, user: str, channel: str, *, message_ts: str = "", ephemeral: bool = False
    ) -> str:
        """Create a response URL; returns its secret last part."""
        _drop_expired(self._response_urls, self._clock() - REMEMBERED_SECONDS)
        key = secrets.token_urlsafe(18)
        expires_at = self._clock() + self._limits().response_url_seconds
        uses = self._limits().response_url_uses
        self._response_urls[key] = ResponseUrl(user, channel, expires_at, uses, message_ts, ephemeral)
        return key

    def use_response_url(self, key: str) -> ResponseUrl:
        """Use a response URL once; raises expired_url or used_url (HTTP 404, as Slack answers)."""
        found = self._response_urls.get(key)
        if found is None or self._clock() >= found.expires_at:
            raise SlackError("expired_url", status=404)
        if found.uses_left <= 0:
            raise SlackError("used_url", status=404)
        found.uses_left -= 1
        return found


def _drop_expired(kept: dict[str, Any], before: float) -> None:
    """Drop the entries that expired before a moment; entries are in the order of expiry."""
    while kept and next(iter(kept.values())).expires_at < before:
        del kept[next(iter(kept))]
