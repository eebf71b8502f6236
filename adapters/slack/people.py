"""Look up in Slack who we are and who people are, with a cache."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api_calls import CALL_ERRORS, UnreadableResponse, response_body
from adapters.slack.errors import error_code
from adapters.slack.refreshes import Refreshes
from domain.access import Standing

log = logging.getLogger(__name__)

CACHE_SECONDS = 60.0
#: How long what Slack said last is trusted while it does not answer.
TRUSTED_SECONDS = 600.0
MAX_READ_AT_ONCE = 20  # profiles that are read for their names, one after the other
IDENTITY_SECONDS = 60.0  # minimum time between two readings of our own identity
_FALLBACK_TEAM_URL = "https://slack.com/"  # redirects a signed-in user to their workspace
_SLACKBOT = "USLACKBOT"
_GONE = frozenset({"user_not_found", "user_not_visible"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackIdentity:
    """The owner of the bot token, and where it is installed. `team_url` ends in "/".

    `enterprise_id` is empty outside of Enterprise Grid, `app_id` where Slack did not say.
    """

    team_url: str
    bot_user_id: str
    team_id: str = ""
    enterprise_id: str = ""
    app_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A colleague."""

    name: str = ""
    zone: tzinfo = UTC

    @property
    def initials(self) -> str:
        """The initials that replies are signed with: of the first and the last name."""
        words = [part for part in self.name.split() if part[0].isalpha()]
        return "".join(part[0].upper() for part in (words[:1] + words[1:][-1:]))


@dataclass(frozen=True, slots=True)
class _CachedUser:
    """A user as Slack described them, and when; `asked_at` is the last try."""

    user: Mapping[str, object]
    read_at: float
    asked_at: float


class People:
    """Cached lookups of users and of ourselves. `seconds` is a monotonic clock."""

    def __init__(self, client: AsyncWebClient, seconds: Callable[[], float]) -> None:
        self._client = client
        self._seconds = seconds
        self._users: dict[str, _CachedUser] = {}
        self._presence: dict[str, tuple[bool, float]] = {}
        self._refreshes = Refreshes()
        self._identity: SlackIdentity | None = None
        self._identity_after = 0.0
        self._names_after = 0.0
        self._profiles: dict[str, Mapping[str, object]] = {}

    async def identity(self) -> SlackIdentity:
        """Read the bot's identity and keep it; raises one of `api_calls.CALL_ERRORS`."""
        response = await response_body(self._client.auth_test())
        url, user = response.get("url"), response.get("user_id")
        if not isinstance(user, str):
            raise UnreadableResponse("Slack's answer to auth.test names nobody")
        team_url = url if isinstance(url, str) and url else _FALLBACK_TEAM_URL
        known = self._identity.app_id if self._identity is not None else ""
        self._identity = SlackIdentity(
            team_url=team_url if team_url.endswith("/") else f"{team_url}/",
            bot_user_id=user,
            team_id=_text(response.get("team_id")),
            enterprise_id=_text(response.get("enterprise_id")),
            app_id=known or await self._app_id(_text(response.get("bot_id"))),
        )
        return self._identity

    async def recent_identity(self) -> SlackIdentity | None:
        """Read the bot's identity anew, at most once a minute; the last known one where Slack is silent."""
        if self._seconds() >= self._identity_after:
            self._identity_after = self._seconds() + IDENTITY_SECONDS
            try:
                return await self.identity()
            except CALL_ERRORS as error:
                log.warning("our own identity cannot be read from Slack anew: %s", error)
        return self._identity

    @property
    def known_identity(self) -> SlackIdentity | None:
        """The bot's identity as it was last read; `None` before."""
        return self._identity

    async def _app_id(self, bot_id: str) -> str:
        """Return the id of the app that a bot belongs to; empty where Slack does not say."""
        try:
            bot = (await response_body(self._client.bots_info(bot=bot_id))).get("bot") if bot_id else None
        except CALL_ERRORS as error:
            log.warning("the id of our app cannot be read from Slack, so it is not compared: %s", error)
            return ""
        return _text(bot.get("app_id")) if isinstance(bot, dict) else ""

    async def person(self, user_id: str) -> Person:
        """Return a user's profile; without a name and in UTC if it cannot be read."""
        if user_id not in self._users:
            await self._read(user_id)
        cached = self._users.get(user_id)
        return _person(cached.user) if cached is not None else Person()

    def known_names(self, user_ids: Collection[str]) -> list[str]:
        """Return the names of these users whose profiles were read before."""
        known = (self._users[user_id].user for user_id in user_ids if user_id in self._users)
        return sorted({person.name for person in map(_person, known) if person.name})

    async def names_of(self, user_ids: Collection[str]) -> list[str]:
        """Return the names of the members of the workspace among these users, as far as they are known."""
        return sorted(
            {
                name
                for names in (await self._names(user_ids, {Standing.MEMBER})).values()
                for name in names[:1]
            }
        )

    async def names_of_outsiders(self, user_ids: Collection[str]) -> dict[str, list[str]]:
        """Return what the guests and strangers among these users call themselves, as far as it is known."""
        return await self._names(user_ids, {Standing.STRANGER, Standing.GUEST})

    async def _names(
        self, user_ids: Collection[str], standings: Collection[Standing]
    ) -> dict[str, list[str]]:
        """Return names by user. Who is not known yet is read by and by, and not waited for."""
        unread = sorted(set(user_ids) - self._users.keys() - self._profiles.keys())[:MAX_READ_AT_ONCE]
        if unread and self._seconds() >= self._names_after:
            await self._refreshes.run("names", partial(self._read_names, unread), is_known=True)
        read = self._profiles | {user_id: cached.user for user_id, cached in self._users.items()}
        known = {user_id: read[user_id] for user_id in user_ids if user_id in read}
        return {
            user_id: _shown_names(user)
            for user_id, user in known.items()
            if standing_of(user, self._identity) in standings
        }

    async def first_name(self, user_id: str) -> str:
        """Return the name that customers may see of a colleague; empty if it is unknown."""
        return (await self.person(user_id)).name.partition(" ")[0]

    async def standing(self, user_id: str) -> Standing:
        """Return what somebody is in the workspace, as Slack said at most a minute ago.

        While Slack does not answer, or not soon, what it said in the last ten minutes counts; then it is
        unknown.
        """
        cached, now = self._users.get(user_id), self._seconds()
        if (
            cached is None
            or now >= cached.asked_at + CACHE_SECONDS
            or now >= cached.read_at + TRUSTED_SECONDS
        ):
            is_known = cached is not None and now < cached.read_at + TRUSTED_SECONDS
            await self._refreshes.run(f"user:{user_id}", partial(self._read, user_id), is_known=is_known)
            cached = self._users.get(user_id)
        if cached is None or now >= cached.read_at + TRUSTED_SECONDS:
            return Standing.UNKNOWN
        return standing_of(cached.user, self._identity)

    async def is_bot(self, user_id: str) -> bool:
        """Return whether this is a bot. Slack is asked once: nobody becomes one. False where it is silent."""
        if user_id not in self._users:
            await self._read(user_id)
        cached = self._users.get(user_id)
        return cached is not None and standing_of(cached.user, self._identity) is Standing.BOT

    async def is_active(self, user_id: str) -> bool:
        """Return whether this user is not deactivated; true where Slack does not say."""
        return await self.standing(user_id) is not Standing.DEACTIVATED

    async def is_present(self, user_id: str) -> bool:
        """Return whether this user is at work in Slack, as it was at most a minute ago.

        The last answer where Slack does not answer; false where it has never said.
        """
        answer, until = self._presence.get(user_id, (False, 0.0))
        if self._seconds() < until:
            return answer
        try:
            response = await response_body(self._client.users_getPresence(user=user_id))
            answer = response.get("presence") == "active"
        except CALL_ERRORS as error:
            log.warning("whether %s is present cannot be read: %s", user_id, error)
        self._presence[user_id] = (answer, self._seconds() + CACHE_SECONDS)
        return answer

    async def _read_names(self, user_ids: Collection[str]) -> None:
        """Read profiles for their names alone: who may act is asked anew when somebody does.

        Where one cannot be read, the next are asked for in a minute: Slack may refuse them, too.
        """
        for user_id in user_ids:
            try:
                user = (await response_body(self._client.users_info(user=user_id))).get("user")
            except CALL_ERRORS as error:
                if isinstance(error, SlackApiError) and error_code(error) in _GONE:
                    self._profiles[user_id] = {}
                    continue
                log.warning("the name of %s cannot be read: %s", user_id, error)
                self._names_after = self._seconds() + CACHE_SECONDS
                return
            self._profiles[user_id] = user if isinstance(user, dict) else {}

    async def _read(self, user_id: str) -> None:
        """Read a user from Slack; what is known of them stays where it does not answer."""
        now = self._seconds()
        try:
            user = (await response_body(self._client.users_info(user=user_id))).get("user")
        except CALL_ERRORS as error:
            log.warning("the profile of %s cannot be read: %s", user_id, error)
            cached = self._users.get(user_id)
            if isinstance(error, SlackApiError) and error_code(error) in _GONE:
                self._users.pop(user_id, None)
            elif cached is not None:
                self._users[user_id] = _CachedUser(cached.user, cached.read_at, now)
            return
        self._users[user_id] = _CachedUser(user if isinstance(user, dict) else {}, now, now)


def standing_of(user: Mapping[str, object], ours: SlackIdentity | None) -> Standing:
    """Determine from Slack's user object what somebody is in our workspace.

    Where a channel is shared (Slack Connect), `team_id` is that of their own workspace. Another workspace of
    our Enterprise Grid is ours.
    """
    if not user:
        return Standing.UNKNOWN
    if user.get("deleted") is True:
        return Standing.DEACTIVATED
    if user.get("is_bot") is True or user.get("id") == _SLACKBOT:
        return Standing.BOT
    if user.get("is_stranger") is True or not _is_of_ours(user, ours):
        return Standing.STRANGER
    if user.get("is_restricted") is True or user.get("is_ultra_restricted") is True:
        return Standing.GUEST
    return Standing.MEMBER


def _is_of_ours(user: Mapping[str, object], ours: SlackIdentity | None) -> bool:
    team = _text(user.get("team_id"))
    if ours is None or not ours.team_id or team in {"", ours.team_id}:
        return True
    of_grid = user.get("enterprise_user")
    enterprise = _text(of_grid.get("enterprise_id")) if isinstance(of_grid, dict) else ""
    return bool(ours.enterprise_id) and ours.enterprise_id in {enterprise, team}


def _person(user: Mapping[str, object]) -> Person:
    try:
        zone: tzinfo = ZoneInfo(str(user.get("tz") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    return Person(name=_text(user.get("real_name")), zone=zone)


def _shown_names(user: Mapping[str, object]) -> list[str]:
    """Return what Slack shows of a user: the full name first, then the one that they chose."""
    profile = user.get("profile")
    chosen = profile.get("display_name") if isinstance(profile, dict) else None
    return [name for name in dict.fromkeys([_text(user.get("real_name")), _text(chosen)]) if name]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
