"""conversations.*: channels, their members and their history."""

from collections.abc import Iterable

from sandbox.slack import events
from sandbox.slack.entities import Channel
from sandbox.slack.errors import SlackError
from sandbox.slack.jsons import Json
from sandbox.slack.web_api.call import Call, Method, encode_cursor

_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
_SCOPES = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}
READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")


async def list_(call: Call) -> Json:
    """List the conversations of the requested types that the bot can see."""
    bot = call.state.app.bot_user_id
    wanted = call.names("types") or ["public_channel"]
    if not set(wanted) <= set(_TYPES):
        raise SlackError("invalid_types")
    kinds = {_TYPES[name] for name in wanted}
    for kind in kinds:
        call.require_scope(_SCOPES[kind])
    found = [
        channel.as_json(bot)
        for channel in call.state.channels.values()
        if channel.kind in kinds
        and channel.seen_by(bot)
        and not (channel.is_archived and call.flag("exclude_archived"))
    ]
    page, metadata = call.page(found, call.limit(100, 1000))
    return {"channels": page, "response_metadata": metadata}


async def info(call: Call) -> Json:
    """Return one conversation."""
    channel = _readable(call)
    shown = channel.as_json(call.state.app.bot_user_id)
    if not call.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


async def members(call: Call) -> Json:
    """List the ids of the people in a conversation."""
    channel = _readable(call)
    entries = [{"id": member} for member in channel.members]
    page, metadata = call.page(entries, call.limit(100, 1000))
    return {"members": [entry["id"] for entry in page], "response_metadata": metadata}


async def history(call: Call) -> Json:
    """List the top-level messages of a channel that the bot is in, newest first."""
    channel = _member_of(call)
    found = list(reversed(_between(call, call.state.store.top_level(channel.id))))
    return _messages(call, found, {"pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0})


async def replies(call: Call) -> Json:
    """List a thread, oldest first; its parent comes with every page."""
    channel = _member_of(call)
    thread = call.state.store.thread(channel.id, call.required("ts"))
    if not thread:
        raise SlackError("thread_not_found")
    following = _between(call, thread[1:])
    answer = _messages(call, following, {})
    parent = call.state.store.copies(thread[:1], with_metadata=call.flag("include_all_metadata"))
    answer["messages"] = parent + answer["messages"]
    return answer


async def open_(call: Call) -> Json:
    """Open the direct messages between the app and one person."""
    users = call.names("users")
    if not users and call.text("channel"):
        return {"channel": call.channel().as_json(call.state.app.bot_user_id)}
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        raise SlackError("method_not_supported_for_channel_type")
    if users[0] == call.state.app.bot_user_id:
        raise SlackError("cannot_dm_bot")
    channel = call.state.direct_message(call.state.user(users[0]).id)
    shown = channel.as_json(call.state.app.bot_user_id) if call.flag("return_im") else {"id": channel.id}
    return {"channel": shown}


async def join(call: Call) -> Json:
    """Add the bot to a public channel."""
    channel = call.channel()
    bot = call.state.app.bot_user_id
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if bot not in channel.members:
        channel.members.append(bot)
        call.state.ledger.record("slack", "conversations.join", channel=channel.id)
        events.member_joined(call.state, channel, bot)
    return {"channel": channel.as_json(bot)}


def _readable(call: Call) -> Channel:
    channel = call.channel()
    call.require_scope(f"{channel.scope}:read")
    return channel


def _member_of(call: Call) -> Channel:
    channel = call.channel()
    call.require_scope(f"{channel.scope}:history")
    if call.state.app.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _between(call: Call, messages: Iterable[Json]) -> list[Json]:
    """Filter messages by oldest and latest (text order is time order); the bounds only if inclusive."""
    oldest, latest = _moment(call, "oldest"), _moment(call, "latest")
    kept = [m for m in messages if (not oldest or m["ts"] >= oldest) and (not latest or m["ts"] <= latest)]
    if call.flag("inclusive"):
        return kept
    return [message for message in kept if message["ts"] not in (oldest, latest)]


def _moment(call: Call, name: str) -> str:
    value = call.text(name)
    if value in ("", "0", "now"):
        return ""
    seconds, _dot, micros = value.partition(".")
    if not seconds.isdecimal() or not (micros or "0").isdecimal():
        raise SlackError(f"invalid_ts_{name}")
    return f"{seconds}.{micros:0<6}"


def _messages(call: Call, found: list[Json], more: Json) -> Json:
    size = call.limit(100, 999)
    start = call.position()
    page = call.state.store.copies(
        found[start : start + size], with_metadata=call.flag("include_all_metadata")
    )
    has_more = start + size < len(found)
    answer: Json = {"messages": page, "has_more": has_more, **more}
    if has_more:
        answer["response_metadata"] = {"next_cursor": encode_cursor(start + size)}
    return answer


METHODS = {
    "conversations.list": Method(list_, READ, 2),
    "conversations.info": Method(info, READ, 3),
    "conversations.members": Method(members, READ, 4),
    "conversations.history": Method(history, HISTORY, 3),
    "conversations.replies": Method(replies, HISTORY, 3),
    "conversations.open": Method(open_, ("im:write", "mpim:write"), 3),
    "conversations.join": Method(join, ("channels:join",), 3),
}
