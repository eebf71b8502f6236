"""Look up channels, their members and the agents in Slack, with a cache."""

import logging
import math
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api_calls import (
    CALL_ERRORS,
    PAGE_SIZE,
    UnreadableResponse,
    objects_in,
    paginate,
    response_body,
)
from adapters.slack.errors import error_code
from adapters.slack.escaping import one_line
from adapters.slack.people import CACHE_SECONDS, TRUSTED_SECONDS, People
from domain.cases.named_channels import ChannelFacts

log = logging.getLogger(__name__)

RELIST_SECONDS = 10.0  # minimum time between two listings of the channels, if a name was not found
_CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{5,}")
_GROUP_ID = re.compile(r"S[A-Z0-9]{5,}")
_PUBLIC_TYPE = "public_channel"
_ALL_TYPES = f"{_PUBLIC_TYPE},private_channel"
_Load = Callable[[], Awaitable[frozenset[str]]]


@dataclass(frozen=True, slots=True)
class _CachedUsers:
    users: frozenset[str]
    read_at: float
    until: float


class Directory(People):
    """Cached lookups in the workspace. `seconds` is a monotonic clock, such as `time.monotonic`.

    `agents_group` is the user group (id or handle) that may act; if empty, the members of `support_channel`
    may.
    """

    def __init__(
        self, client: AsyncWebClient, *, support_channel: str, agents_group: str, seconds: Callable[[], float]
    ) -> None:
        super().__init__(client, seconds)
        self._support = support_channel
        self._group = agents_group.removeprefix("@")
        self._channels: Mapping[str, str] = {}
        self._pinned: Mapping[str, str] = {}
        self._relist_after = -math.inf
        self._cached_users: dict[str, _CachedUsers] = {}

    async def channel_id(self, name: str) -> str:
        """Return the id of "#support"; ids are returned as they are.

        The id that is pinned for a name goes first. A name that is not found, or cannot be looked up now, is
        returned as it is.
        """
        bare_name = name.removeprefix("#")
        if is_channel_id(bare_name):
            return bare_name
        if bare_name in self._pinned:
            return self._pinned[bare_name]
        return await self.channel_named(bare_name)

    async def channel_named(self, bare_name: str) -> str:
        """Return the id of the channel that has this name today; the name itself where none is found."""
        if bare_name not in self._channels and self._seconds() >= self._relist_after:
            try:
                self._channels = await self._list_channels()
            except CALL_ERRORS as error:
                log.warning(
                    "the channels of Slack cannot be listed; #%s is used by its name until they can: %s",
                    bare_name,
                    error,
                )
            self._relist_after = self._seconds() + RELIST_SECONDS
        return self._channels.get(bare_name, f"#{bare_name}")

    def pin(self, ids: Mapping[str, str]) -> None:
        """Have these names mean these ids from now on, whatever the channels are called today."""
        self._pinned = {name.removeprefix("#"): channel for name, channel in ids.items()}

    async def channel_facts(self, name: str, channel_id: str) -> ChannelFacts | None:
        """Return how a channel stands, and which other one has this name today; `None` where Slack is silent.

        The channels are listed only where this one no longer has the name.
        """
        try:
            body = await response_body(self._client.conversations_info(channel=channel_id))
        except CALL_ERRORS as error:
            if not isinstance(error, SlackApiError) or error_code(error) != "channel_not_found":
                log.warning("whether %s is still there cannot be read: %s", channel_id, error)
                return None
            body = {}
        channel = body.get("channel")
        described = channel if isinstance(channel, dict) else {}
        called, is_archived = str(described.get("name") or ""), described.get("is_archived") is True
        if called == name and not is_archived:
            return ChannelFacts(name=called)
        self._channels, self._relist_after = {}, -math.inf
        today = await self.channel_named(name)
        namesake = today if is_channel_id(today) and today != channel_id else ""
        return ChannelFacts(name=called, is_archived=is_archived, namesake=namesake)

    def channel_name(self, channel_id: str) -> str:
        """Return "#support" for an id that was looked up by its name; empty for any other."""
        known = {**self._channels, **self._pinned}
        return next((f"#{name}" for name, found in known.items() if found == channel_id), "")

    async def members(self, channel: str) -> frozenset[str]:
        """Return a channel's members, at most a minute old.

        If Slack does not answer, or not soon, those that it named in the last ten minutes; then nobody.
        """
        channel_id = await self.channel_id(channel)
        return await self._cached(f"channel:{channel}", lambda: self._list_members(channel_id))

    async def group_members(self, group: str) -> frozenset[str]:
        """Return the members of a user group (id or handle), at most a minute old.

        If Slack does not answer, or not soon, those that it named in the last ten minutes; then nobody.
        """
        handle = group.removeprefix("@")
        return await self._cached(f"group:{handle}", lambda: self._list_group(handle))

    async def group_id(self, group: str) -> str:
        """Return the id of a user group (id or handle); raises one of `api_calls.CALL_ERRORS`."""
        handle = group.removeprefix("@")
        if _GROUP_ID.fullmatch(handle):
            return handle
        for found in objects_in(await response_body(self._client.usergroups_list()), "usergroups"):
            if found.get("handle") == handle:
                return str(found.get("id"))
        raise UnreadableResponse(f"there is no user group @{handle}")

    async def agents(self) -> frozenset[str]:
        """Return the users who may work on cases."""
        return await (self.group_members(self._group) if self._group else self.members(self._support))

    @property
    def knows_agents(self) -> bool:
        """Whether Slack has said who the agents are, and not too long ago."""
        return self.knows_members(group=self._group, channel=self._support)

    def knows_members(self, *, group: str, channel: str) -> bool:
        """Whether the members of the group, else of the channel, were read, and not too long ago to count."""
        cached = self._cached_users.get(f"group:{group.removeprefix('@')}" if group else f"channel:{channel}")
        return cached is not None and self._seconds() < cached.read_at + TRUSTED_SECONDS

    @property
    def who_may_act(self) -> str:
        """The name of the group or channel whose members may act: "@support-agents" or "#support"."""
        return f"@{one_line(self._group)}" if self._group else one_line(self._support)

    async def _cached(self, key: str, load: _Load) -> frozenset[str]:
        cached, now = self._cached_users.get(key), self._seconds()
        if cached is None or now >= cached.until:
            is_known = cached is not None and now < cached.read_at + TRUSTED_SECONDS
            await self._refreshes.run(key, partial(self._read_members, key, load), is_known=is_known)
            cached = self._cached_users.get(key)
        if cached is None or now >= cached.read_at + TRUSTED_SECONDS:
            return frozenset()
        return cached.users

    async def _read_members(self, key: str, load: _Load) -> None:
        """Read members from Slack; those that are known stay where it does not answer."""
        cached, now = self._cached_users.get(key), self._seconds()
        try:
            users, read_at = await load(), now
        except CALL_ERRORS as error:
            log.warning("the members of %s cannot be read: %s", key, error)
            if cached is None:
                return
            users, read_at = cached.users, cached.read_at
        until = min(now + CACHE_SECONDS, read_at + TRUSTED_SECONDS)
        self._cached_users[key] = _CachedUsers(users, read_at, until)

    async def _list_channels(self) -> dict[str, str]:
        """List channel ids by name; only public channels if the scope for private ones is missing."""
        try:
            return await self._list_by_type(_ALL_TYPES)
        except SlackApiError as error:
            if error_code(error) != "missing_scope":
                raise
            log.warning(
                "private channels cannot be listed (missing_scope): only public ones are found by name"
            )
            return await self._list_by_type(_PUBLIC_TYPE)

    async def _list_by_type(self, types: str) -> dict[str, str]:
        params = {"types": types, "exclude_archived": True, "limit": PAGE_SIZE}
        found: dict[str, str] = {}
        async for page in paginate(self._client, "conversations.list", params):
            for channel in objects_in(page, "channels"):
                found[str(channel.get("name"))] = str(channel.get("id"))
        return found

    async def _list_members(self, channel: str) -> frozenset[str]:
        found: set[str] = set()
        async for page in paginate(
            self._client, "conversations.members", {"channel": channel, "limit": PAGE_SIZE}
        ):
            found.update(_ids(page.get("members")))
        return frozenset(found)

    async def _list_group(self, group: str) -> frozenset[str]:
        group_id = await self.group_id(group)
        response = await response_body(self._client.usergroups_users_list(usergroup=group_id))
        return frozenset(_ids(response.get("users")))


def is_channel_id(channel: str) -> bool:
    """Find a channel's id by its name."""
    return _CHANNEL_ID.fullmatch(channel) is not None


def _ids(items: object) -> list[str]:
    return [item for item in items if isinstance(item, str)] if isinstance(items, list) else []
