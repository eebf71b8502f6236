"""Look up channels, members, agents and our own identity in Slack, with a cache."""

import logging
import math
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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

log = logging.getLogger(__name__)

CACHE_SECONDS = 60.0
RELIST_SECONDS = 10.0  # minimum time between two listings of the channels, if a name was not found
_CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{5,}")
_GROUP_ID = re.compile(r"S[A-Z0-9]{5,}")
_PUBLIC_TYPE = "public_channel"
_ALL_TYPES = f"{_PUBLIC_TYPE},private_channel"
_FALLBACK_TEAM_URL = "https://slack.com/"  # redirects a signed-in user to their workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackIdentity:
    """The owner of the bot token. `team_url` ends in "/"."""

    team_url: str
    bot_user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A colleague."""

    name: str = ""
    zone: tzinfo = UTC
    is_bot: bool = False

    @property
    def initials(self) -> str:
        """The initials that replies are signed with: of the first and the last name."""
        words = [part for part in self.name.split() if part[0].isalpha()]
        return "".join(part[0].upper() for part in (words[:1] + words[1:][-1:]))


@dataclass(frozen=True, slots=True)
class _CachedUsers:
    users: frozenset[str]
    until: float


@dataclass(frozen=True, slots=True)
class _CachedAnswer:
    answer: bool
    until: float


class Directory:
    """Cached lookups in the workspace. `seconds` is a monotonic clock, such as `time.monotonic`.

    `agents_group` is the user group (id or handle) that may act; if empty, the members of `support_channel`
    may.
    """

    def __init__(
        self, client: AsyncWebClient, *, support_channel: str, agents_group: str, seconds: Callable[[], float]
    ) -> None:
        self._client = client
        self._support = support_channel
        self._group = agents_group.removeprefix("@")
        self._seconds = seconds
        self._channels: Mapping[str, str] = {}
        self._relist_after = -math.inf
        self._cached_users: dict[str, _CachedUsers] = {}
        self._people_cache: dict[str, Person] = {}
        self._activity: dict[str, _CachedAnswer] = {}
        self._presence: dict[str, _CachedAnswer] = {}

    async def identity(self) -> SlackIdentity:
        """Return the bot's identity; raises one of `api_calls.CALL_ERRORS`."""
        response = await response_body(self._client.auth_test())
        url, user = response.get("url"), response.get("user_id")
        if not isinstance(user, str):
            raise UnreadableResponse("Slack's answer to auth.test names nobody")
        team_url = url if isinstance(url, str) and url else _FALLBACK_TEAM_URL
        return SlackIdentity(
            team_url=team_url if team_url.endswith("/") else f"{team_url}/", bot_user_id=user
        )

    async def channel_id(self, name: str) -> str:
        """Return the id of "#support"; ids are returned as they are.

        A name that is not found, or cannot be looked up now, is returned as it is.
        """
        bare_name = name.removeprefix("#")
        if _CHANNEL_ID.fullmatch(bare_name):
            return bare_name
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

    def channel_name(self, channel_id: str) -> str:
        """Return "#support" for an id that was looked up by its name; empty for any other."""
        return next((f"#{name}" for name, known in self._channels.items() if known == channel_id), "")

    async def members(self, channel: str) -> frozenset[str]:
        """Return a channel's members, at most a minute old; the last known ones if Slack does not answer."""
        channel_id = await self.channel_id(channel)
        return await self._cached(f"channel:{channel_id}", lambda: self._list_members(channel_id))

    async def group_members(self, group: str) -> frozenset[str]:
        """Return the members of a user group (id or handle), at most a minute old.

        The last known ones if Slack does not answer.
        """
        return await self._cached(f"group:{group}", lambda: self._list_group(group.removeprefix("@")))

    async def group_id(self, group: str) -> str:
        """Return the id of a user group (id or handle); raises one of `api_calls.CALL_ERRORS`."""
        handle = group.removeprefix("@")
        if _GROUP_ID.fullmatch(handle):
            return handle
        for found in objects_in(await response_body(self._client.usergroups_list()), "usergroups"):
            if found.get("handle") == handle:
                return str(found.get("id"))
        raise UnreadableResponse(f"there is no user group @{handle}")

    async def may_act(self, user_id: str) -> bool:
        """Return whether this user may work on cases. Nobody may until the agents could be read once."""
        return user_id in await self.agents()

    async def agents(self) -> frozenset[str]:
        """Return the users who may work on cases."""
        return await (self.group_members(self._group) if self._group else self.members(self._support))

    @property
    def knows_agents(self) -> bool:
        """Whether the agents have ever been read from Slack."""
        return bool(self._cached_users)

    @property
    def who_may_act(self) -> str:
        """The name of the group or channel whose members may act: "@support-agents" or "#support"."""
        return f"@{one_line(self._group)}" if self._group else one_line(self._support)

    async def person(self, user_id: str) -> Person:
        """Return a user's profile; without a name and in UTC if it cannot be read."""
        if user_id not in self._people_cache:
            try:
                user = (await response_body(self._client.users_info(user=user_id))).get("user")
            except CALL_ERRORS as error:
                log.warning("the profile of %s cannot be read: %s", user_id, error)
                return Person()
            self._people_cache[user_id] = _person(user if isinstance(user, dict) else {})
        return self._people_cache[user_id]

    def known_names(self, user_ids: Collection[str]) -> list[str]:
        """Return the names of these users whose profiles were read before."""
        people = (self._people_cache.get(user_id, Person()) for user_id in user_ids)
        return sorted({person.name for person in people if person.name})

    async def is_active(self, user_id: str) -> bool:
        """Return whether this user is not deactivated, as it was at most a minute ago.

        True where Slack has never said.
        """

        async def ask() -> bool:
            user = (await response_body(self._client.users_info(user=user_id))).get("user")
            return not (isinstance(user, dict) and user.get("deleted") is True)

        return await self._ask(self._activity, user_id, ask, unknown=True)

    async def is_present(self, user_id: str) -> bool:
        """Return whether this user is at work in Slack, as it was at most a minute ago.

        False where Slack has never said.
        """

        async def ask() -> bool:
            response = await response_body(self._client.users_getPresence(user=user_id))
            return response.get("presence") == "active"

        return await self._ask(self._presence, user_id, ask, unknown=False)

    async def _ask(
        self,
        cache: dict[str, _CachedAnswer],
        user_id: str,
        ask: Callable[[], Awaitable[bool]],
        *,
        unknown: bool,
    ) -> bool:
        """Return an answer about a user, at most a minute old; the last one where Slack does not answer."""
        cached, now = cache.get(user_id), self._seconds()
        if cached is not None and now < cached.until:
            return cached.answer
        try:
            answer = await ask()
        except CALL_ERRORS as error:
            log.warning("whether %s is active cannot be read: %s", user_id, error)
            answer = cached.answer if cached is not None else unknown
        cache[user_id] = _CachedAnswer(answer, now + CACHE_SECONDS)
        return answer

    async def first_name(self, user_id: str) -> str:
        """Return the name that customers may see of a colleague; empty if it is unknown."""
        return (await self.person(user_id)).name.partition(" ")[0]

    async def _cached(self, key: str, load: Callable[[], Awaitable[frozenset[str]]]) -> frozenset[str]:
        cached, now = self._cached_users.get(key), self._seconds()
        if cached is not None and now < cached.until:
            return cached.users
        try:
            users = await load()
        except CALL_ERRORS as error:
            log.warning("the members of %s cannot be read, the last known are used: %s", key, error)
            users = cached.users if cached is not None else frozenset()
            if cached is None:
                return users
        self._cached_users[key] = _CachedUsers(users, now + CACHE_SECONDS)
        return users

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


def _person(user: Mapping[str, object]) -> Person:
    try:
        zone: tzinfo = ZoneInfo(str(user.get("tz") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    return Person(name=str(user.get("real_name") or ""), zone=zone, is_bot=user.get("is_bot") is True)


def _ids(items: object) -> list[str]:
    return [item for item in items if isinstance(item, str)] if isinstance(items, list) else []
