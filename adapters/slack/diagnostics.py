"""Check the Slack connection for `bot.py check`: one line per dependency."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.http_dates import http_date
from adapters.slack.api_calls import CALL_ERRORS, response_body
from adapters.slack.directory import Directory
from adapters.slack.errors import classify_error
from adapters.slack.manifest import SCOPES
from adapters.slack.outsiders import MAX_LOOKED_UP, check_outsiders
from adapters.slack.wording import count_of
from domain.access import Standing
from domain.delivery.outcomes import Later, Unknown
from domain.diagnostics import CheckLine

#: Beyond it due times would be off. Slack rejects nothing by its clock, Bolt what is over 5 minutes old.
MAX_SKEW = timedelta(seconds=60)
_REINSTALL = "Update the app from `python bot.py manifest` and install it again"
_INVITE = "Invite the bot there: /invite @Switchboard"


async def probe(
    client: AsyncWebClient,
    directory: Directory,
    *,
    app_token: str | None,
    channels: Sequence[str],
    agents_group: str,
    now: datetime,
) -> list[CheckLine]:
    """Check tokens, scopes, clock skew, channels and the agents' group. Does not raise."""
    try:
        response = await client.auth_test()
    except CALL_ERRORS as error:
        reason, remedy = _explained(error, "say whose token this is", "Set SLACK_BOT_TOKEN and SLACK_API_URL")
        return [CheckLine("Slack bot token", ok=False, detail=reason, remedy=remedy)]
    identity = _token_identity(response)
    lines = [identity, _scopes(response), _clock(response, now), await _app_token(client, app_token)]
    await directory.recent_identity()
    lines += [line async for line in _channels(client, directory, channels)]
    return [*lines, await _agents(directory, agents_group)]


def _explained(error: Exception, action: str, remedy: str) -> tuple[str, str]:
    """Return why a read failed and what to do: `remedy` where Slack refused it."""
    outcome = classify_error(error, action)
    if not isinstance(error, SlackApiError):
        reason = "Slack did not answer" if isinstance(outcome, Unknown) else outcome.reason
        return reason, "Check SLACK_API_URL and the network, then try again"
    passes = isinstance(outcome, Later | Unknown)
    return outcome.reason, "Run `python bot.py check` again in some minutes" if passes else remedy


def _token_identity(response: AsyncSlackResponse) -> CheckLine:
    return CheckLine("Slack bot token", ok=True, detail=f"{response.get('user')} in {response.get('team')}")


def _scopes(response: AsyncSlackResponse) -> CheckLine:
    name = "Slack permissions"
    granted = _header(response, "x-oauth-scopes")
    if granted is None:
        return CheckLine(name, ok=None, detail="Slack did not say which the token has")
    missing = sorted(set(SCOPES) - {scope.strip() for scope in granted.split(",")})
    if not missing:
        return CheckLine(name, ok=True, detail=f"all {len(SCOPES)} that are needed")
    missing_text = "; ".join(f"{scope} (to {SCOPES[scope]})" for scope in missing)
    return CheckLine(name, ok=False, detail=f"missing: {missing_text}", remedy=_REINSTALL)


def _clock(response: AsyncSlackResponse, now: datetime) -> CheckLine:
    name = "Clock"
    slack_time = http_date(_header(response, "Date"))
    if slack_time is None:
        return CheckLine(name, ok=None, detail="Slack's answer held no date to compare with")
    skew = abs(now - slack_time)
    seconds = f"{skew.total_seconds():.0f} s from Slack's"
    if skew <= MAX_SKEW:
        return CheckLine(name, ok=True, detail=seconds)
    return CheckLine(name, ok=False, detail=seconds, remedy="Set this machine's clock, for example with NTP")


async def _app_token(client: AsyncWebClient, app_token: str | None) -> CheckLine:
    name = "Slack app token"
    if app_token is None:
        return CheckLine(name, ok=None, detail="not set: HTTP mode, Slack calls us")
    try:
        await response_body(client.apps_connections_open(app_token=app_token))
    except CALL_ERRORS as error:
        remedy = "Make an app-level token (xapp-…) with connections:write and set SLACK_APP_TOKEN"
        reason, remedy = _explained(error, "open Socket Mode", remedy)
        reason = reason.replace("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
        return CheckLine(name, ok=False, detail=reason.replace("bot token", "app token"), remedy=remedy)
    return CheckLine(name, ok=True, detail="Socket Mode can be opened")


async def _channels(
    client: AsyncWebClient, directory: Directory, channels: Sequence[str]
) -> AsyncIterator[CheckLine]:
    for channel in dict.fromkeys(channels):
        described: dict[str, object] = {}
        yield await _channel(client, directory, channel, described)
        ours = directory.known_identity
        if described and ours is not None:
            for line in await check_outsiders(directory, channel, described, bot_user_id=ours.bot_user_id):
                yield line


async def _channel(
    client: AsyncWebClient, directory: Directory, channel: str, channel_info: dict[str, object]
) -> CheckLine:
    """Check a channel, of which `channel_info` is filled with what Slack says."""
    name = f"Channel {channel}"
    try:
        response = await response_body(client.conversations_info(channel=await directory.channel_id(channel)))
    except CALL_ERRORS as error:
        remedy = "Make the channel or name another in switchboard.toml; a private one: invite the bot"
        reason, remedy = _explained(error, "show the channel", remedy)
        return CheckLine(name, ok=False, detail=reason, remedy=remedy)
    described = response.get("channel")
    channel_info.update(described if isinstance(described, dict) else {})
    if channel_info.get("is_archived"):
        return CheckLine(name, ok=False, detail="archived", remedy="Unarchive it, or name another channel")
    if "is_member" not in channel_info:
        return CheckLine(name, ok=None, detail="there; Slack does not tell whether the bot is in it")
    if not channel_info["is_member"]:
        return CheckLine(name, ok=False, detail="the bot is not in it", remedy=_INVITE)
    return CheckLine(name, ok=True, detail="the bot is in it")


async def _agents(directory: Directory, agents_group: str) -> CheckLine:
    name = f"Who may act ({directory.who_may_act})"
    bot = directory.known_identity
    agents = sorted(await directory.agents() - ({bot.bot_user_id} if bot else set()))
    if len(agents) > MAX_LOOKED_UP:
        return CheckLine(name, ok=True, detail=f"{len(agents)} people, of whom members of the workspace may")
    standings = [await directory.standing(user_id) for user_id in agents]
    if count := standings.count(Standing.MEMBER):
        return CheckLine(name, ok=True, detail=count_of(count, "member", "members"))
    if agents:
        detail = "no member of the workspace; others only where slack.may_also_act lets them"
        return CheckLine(name, ok=None, detail=detail)
    remedy = (
        "Check `agents_group` in switchboard.toml" if agents_group else "Invite the agents to the channel"
    )
    return CheckLine(name, ok=False, detail="nobody could be found", remedy=remedy)


def _header(response: AsyncSlackResponse, name: str) -> str | None:
    value = response.headers.get(name)
    return str(value) if value else None
