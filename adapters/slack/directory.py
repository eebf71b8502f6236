"""Who and where, read from Slack and remembered for a while: channels by name, members, who may act, who we are."""

import logging
import math
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api_calls import CALL_ERRORS, Unreadable, pages, read, records
from adapters.slack.errors import code_of
from adapters.slack.escaping import one_line

log = logging.getLogger(__name__)

REMEMBERED_SECONDS = 60.0
LOOK_AGAIN_SECONDS = 10.0  # from a listing of the channels without the one that was wanted to the next
_CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{5,}")
_GROUP_ID = re.compile(r"S[A-Z0-9]{5,}")
_PAGE = 200
_PUBLIC = "public_channel"
_BOTH_KINDS = f"{_PUBLIC},private_channel"
_ANY_TEAM_URL = "https://slack.com/"  # leads a person who is signed in to their workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the bot token belongs to. `team_url` ends in "/"."""

    team_url: str
    bot_user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A colleague."""

    name: str = ""
    zone: tzinfo = UTC

    @property
    def initials(self) -> str:
        """As replies are signed: the first letters of the first and the last name."""
        words = [word for word in self.name.split() if word[0].isalpha()]
        return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


@dataclass(frozen=True, slots=True)
class _Known:
    users: frozenset[str]
    until: float


class Directory:
    """Reads of the workspace. `seconds` is a clock that only moves forward, such as `time.monotonic`.

    `agents_group` is the user group (id or handle) that may act; where it is empty the members of `support_channel` may.
    """

    def __init__(
        self, client: AsyncWebClient, *, support_channel: str, agents_group: str, seconds: Callable[[], float]
    ) -> None:
        self._client = client
        self._support = support_channel
        self._group = agents_group.removeprefix("@")
        self._seconds = seconds
        self._channels: Mapping[str, str] = {}
        self._look_again = -math.inf
        self._known: dict[str, _Known] = {}
        self._people: dict[str, Person] = {}

    async def identity(self) -> Identity:
        """Who we are; raises one of `calls.CALL_ERRORS`."""
        answer = await read(self._client.auth_test())
        url, user = answer.get("url"), answer.get("user_id")
        if not isinstance(user, str):
            raise Unreadable("Slack's answer to auth.test names nobody")
        team_url = url if isinstance(url, str) and url else _ANY_TEAM_URL
        return Identity(team_url=team_url if team_url.endswith("/") else f"{team_url}/", bot_user_id=user)

    async def channel_id(self, name: str) -> str:
        """The id of "#support"; an id stays as it is. A name that is not found, or cannot be looked up now, is used as it is."""
        bare = name.removeprefix("#")
        if _CHANNEL_ID.fullmatch(bare):
            return bare
        if bare not in self._channels and self._seconds() >= self._look_again:
            try:
                self._channels = await self._list_channels()
            except CALL_ERRORS as error:
                log.warning(
                    "the channels of Slack cannot be listed; #%s is used by its name until they can: %s",
                    bare,
                    error,
                )
            self._look_again = self._seconds() + LOOK_AGAIN_SECONDS
        return self._channels.get(bare, f"#{bare}")

    async def members(self, channel: str) -> frozenset[str]:
        """Who is in a channel, at most a minute old; the last that was known where Slack does not answer."""
        place = await self.channel_id(channel)
        return await self._remember(f"channel:{place}", lambda: self._list_members(place))

    async def group_members(self, group: str) -> frozenset[str]:
        """Who is in a user group (id or handle), at most a minute old; the last that was known where Slack does not answer."""
        return await self._remember(f"group:{group}", lambda: self._list_group(group.removeprefix("@")))

    async def may_act(self, user_id: str) -> bool:
        """Whether this person may work on cases. Nobody may while it has never been possible to ask."""
        return user_id in await self.agents()

    async def agents(self) -> frozenset[str]:
        """Who may work on cases."""
        return await (self.group_members(self._group) if self._group else self.members(self._support))

    @property
    def knows_agents(self) -> bool:
        """Whether Slack has ever told who may work on cases."""
        return bool(self._known)

    @property
    def who_may_act(self) -> str:
        """Whose members may act, in words: "@support-agents" or "#support"."""
        return f"@{one_line(self._group)}" if self._group else one_line(self._support)

    async def person(self, user_id: str) -> Person:
        """What a colleague's profile says; a nameless person in UTC where Slack does not say."""
        if user_id not in self._people:
            try:
                user = (await read(self._client.users_info(user=user_id))).get("user")
            except CALL_ERRORS as error:
                log.warning("the profile of %s cannot be read: %s", user_id, error)
                return Person()
            self._people[user_id] = _person(user if isinstance(user, dict) else {})
        return self._people[user_id]

    async def first_name(self, user_id: str) -> str:
        """What customers may call a colleague; empty where Slack does not say."""
        return (await self.person(user_id)).name.partition(" ")[0]

    async def _remember(self, key: str, look: Callable[[], Awaitable[frozenset[str]]]) -> frozenset[str]:
        known, now = self._known.get(key), self._seconds()
        if known is not None and now < known.until:
            return known.users
        try:
            users = await look()
        except CALL_ERRORS as error:
            log.warning("the members of %s cannot be read, the last known are used: %s", key, error)
            users = known.users if known is not None else frozenset()
            if known is None:
                return users
        self._known[key] = _Known(users, now + REMEMBERED_SECONDS)
        return users

    async def _list_channels(self) -> dict[str, str]:
        """By name; the public ones alone where private ones are not for us to see."""
        try:
            return await self._list_kinds(_BOTH_KINDS)
        except SlackApiError as error:
            if code_of(error) != "missing_scope":
                raise
            log.warning(
                "private channels cannot be listed (missing_scope): only public ones are found by name"
            )
            return await self._list_kinds(_PUBLIC)

    async def _list_kinds(self, kinds: str) -> dict[str, str]:
        wanted = {"types": kinds, "exclude_archived": True, "limit": _PAGE}
        found: dict[str, str] = {}
        async for page in pages(self._client, "conversations.list", wanted):
            for channel in records(page, "channels"):
                found[str(channel.get("name"))] = str(channel.get("id"))
        return found

    async def _list_members(self, channel: str) -> frozenset[str]:
        found: set[str] = set()
        async for page in pages(self._client, "conversations.members", {"channel": channel, "limit": _PAGE}):
            found.update(_ids(page.get("members")))
        return frozenset(found)

    async def _list_group(self, group: str) -> frozenset[str]:
        group_id = group if _GROUP_ID.fullmatch(group) else await self._group_id(group)
        answer = await read(self._client.usergroups_users_list(usergroup=group_id))
        return frozenset(_ids(answer.get("users")))

    async def _group_id(self, handle: str) -> str:
        answer = await read(self._client.usergroups_list())
        for group in records(answer, "usergroups"):
            if group.get("handle") == handle:
                return str(group.get("id"))
        raise Unreadable(f"there is no user group @{handle}")


def _person(user: Mapping[str, object]) -> Person:
    try:
        zone: tzinfo = ZoneInfo(str(user.get("tz") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    return Person(name=str(user.get("real_name") or ""), zone=zone)


def _ids(listed: object) -> list[str]:
    return [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
