"""Check the connection to X for `bot.py check`, in a few cheap calls."""

from datetime import timedelta

from adapters.http_calls import CallFailed
from adapters.networks.x.call_failures import Refusal, Response
from adapters.networks.x.client import Client
from adapters.networks.x.dm_events import MESSAGE_CREATED
from adapters.networks.x.dm_reading import ROUTE
from adapters.networks.x.errors import source_error
from adapters.networks.x.parsing import Malformed, account_in
from adapters.networks.x.vocabulary import INBOX, MENTIONS, USER_FIELDS
from domain.accounts import Account
from domain.clock import Clock
from domain.diagnostics import CheckLine
from domain.intake.streams import SourceFault

#: X rejects a signature that is five minutes off.
_MAX_SKEW = timedelta(minutes=1)
_MIN_MENTIONS = 5  # X lists no fewer mentions in one call
_DIRECT_MESSAGES = "X direct messages"
_PUSH = "X push"
_PUSH_REMEDY = (
    "see in X's console whether the app has the Activity API, or set intake.push to false in switchboard.toml: mentions are "
    "polled all the same"
)
_GRANT_REMEDY = (
    "set the app's permissions to “Read and write and Direct message” in X's console, then make the access token anew; or set "
    "dm.enabled to false in switchboard.toml"
)
#: What X answers while the settings are right.
_PASSING = frozenset({SourceFault.UNAVAILABLE, SourceFault.RATE_LIMIT})
_LATER = "run `python bot.py check` again in some minutes; the settings need no change for this"
_KEYS_REMEDY = "copy the four X_… keys anew from the app's “Keys and tokens” page in X's developer console"


async def probe(client: Client, clock: Clock, *, direct: bool) -> list[CheckLine]:
    """Check keys, clock, permission to post and mentions, and direct messages where `direct`."""
    try:
        response = await client.request("GET", "/2/users/me", {"user.fields": ",".join(USER_FIELDS)})
    except Refusal as refusal:
        return [_failed("X keys", refusal, clock, _KEYS_REMEDY), *_clock_line(refusal.response, clock)]
    except CallFailed as failure:
        return [_failed("X keys", failure, clock, "check X_API_URL and the network, then try again")]
    try:
        account = account_in(response.parsed())
    except (Malformed, CallFailed):
        remedy = "check that X_API_URL is the address of X's API"
        return [CheckLine("X keys", ok=False, detail="X's answer cannot be understood", remedy=remedy)]
    lines = [CheckLine("X keys", ok=True, detail=f"@{account.handle} (id {account.id})")]
    return [
        *lines,
        *_clock_line(response, clock),
        _right_line(response),
        await _mentions_line(client, account, clock),
        *([await _messages_line(client, response, clock)] if direct else []),
    ]


def _clock_line(response: Response, clock: Clock) -> list[CheckLine]:
    if response.date is None:
        return []
    skew = clock.now() - response.date
    seconds = round(skew.total_seconds())
    if abs(skew) <= _MAX_SKEW:
        return [CheckLine("X clock", ok=True, detail=f"ours is within {max(abs(seconds), 1)} s of X's")]
    difference = f"{abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'} X's"
    return [
        CheckLine(
            "X clock",
            ok=False,
            detail=f"ours is {difference}",
            remedy="let this machine set its clock by NTP",
        )
    ]


def _right_line(response: Response) -> CheckLine:
    level = response.headers.get("x-access-level")
    if level is None:
        return CheckLine("X right to post", ok=None, detail="X does not tell; the first reply will")
    if "write" in level:
        return CheckLine("X right to post", ok=True, detail=level)
    remedy = "set the app's permissions to “Read and write” in X's console, then make the access token anew"
    return CheckLine("X right to post", ok=False, detail=level, remedy=remedy)


async def _mentions_line(client: Client, account: Account, clock: Clock) -> CheckLine:
    try:
        await client.read(MENTIONS, f"/2/users/{account.id}/mentions", max_results=_MIN_MENTIONS)
    except CallFailed as failure:
        return _failed("X mentions", failure, clock, "see what X says, and its console")
    return CheckLine("X mentions", ok=True, detail="can be read")


async def _messages_line(client: Client, me: Response, clock: Clock) -> CheckLine:
    """Check the permission by `x-access-level`; without that header, by reading one message."""
    level = me.headers.get("x-access-level")
    if level is not None and "directmessages" not in level:
        return CheckLine(
            _DIRECT_MESSAGES, ok=False, detail=f"the access token may only {level}", remedy=_GRANT_REMEDY
        )
    try:
        await client.read(INBOX, ROUTE, event_types=MESSAGE_CREATED, max_results=1)
    except CallFailed as failure:
        return _failed(_DIRECT_MESSAGES, failure, clock, _GRANT_REMEDY)
    return CheckLine(_DIRECT_MESSAGES, ok=True, detail="can be read and sent")


async def probe_push(client: Client, clock: Clock) -> CheckLine:
    """Open the stream of the Activity API, and close it again."""
    try:
        (await client.open_stream()).close()
    except CallFailed as failure:
        if isinstance(failure, Refusal) and failure.is_rate_limit:
            return CheckLine(_PUSH, ok=None, detail="X allows no second stream while the bot holds one (429)")
        return _failed(_PUSH, failure, clock, _PUSH_REMEDY)
    return CheckLine(_PUSH, ok=True, detail="posts can be pushed")


def _failed(name: str, failure: CallFailed, clock: Clock, remedy: str) -> CheckLine:
    error = source_error(failure, clock.now())
    passes = error.fault in _PASSING and isinstance(failure, Refusal)
    return CheckLine(name, ok=False, detail=str(error), remedy=_LATER if passes else remedy)
