"""chat.*: post, update and delete messages."""

import re

from sandbox.slack import posting, rate_limits
from sandbox.slack.entities import Channel
from sandbox.slack.errors import SlackError
from sandbox.slack.jsons import Json
from sandbox.slack.web_api.call import Call, Method
from sandbox.slack.web_api.content import message_content
from sandbox.slack.web_api.pictures import refuse_files, require_fetched

_TS = re.compile(r"\d{10}\.\d{6}")


async def post_message(call: Call) -> Json:
    """Post into a channel, a thread, or a person's direct messages."""
    state = call.state
    channel = _destination(call)
    _may_post(call, channel)
    content = {**message_content(call), **_thread(call, channel), **_author(call)}
    _has_content(content)
    await require_fetched(state, content.get("blocks"), "/blocks", "invalid_blocks")
    state.rates.post(channel.id)
    message = posting.bot_message(state, content)
    _record(call, "chat.postMessage", channel, message)
    shown = posting.post(state, channel, message)
    return {"channel": channel.id, "ts": shown["ts"], "message": shown, **_warnings(call)}


async def update(call: Call) -> Json:
    """Update one of the app's own messages."""
    state = call.state
    channel = call.channel()
    if channel.is_archived:
        raise SlackError("is_inactive")
    content = message_content(call, is_update=True)
    message = _own_message(call, channel, "cant_update_message")
    await require_fetched(state, content.get("blocks"), "/blocks", "invalid_blocks")
    if not content:
        raise SlackError("no_text")
    if "text" in content and "blocks" not in content:
        content["blocks"] = []
    _has_content({**message, **content})
    shown = posting.update(state, channel, message, content)
    _record(call, "chat.update", channel, shown)
    return {"channel": channel.id, "ts": shown["ts"], "text": shown.get("text", ""), "message": shown}


async def delete(call: Call) -> Json:
    """Delete one of the app's own messages."""
    channel = call.channel()
    message = _own_message(call, channel, "cant_delete_message")
    ts = str(message["ts"])
    posting.delete(call.state, channel, ts)
    call.state.ledger.record("slack", "chat.delete", channel=channel.id, ts=ts)
    return {"channel": channel.id, "ts": ts}


async def post_ephemeral(call: Call) -> Json:
    """Show a message to one person in a channel they and the bot are in."""
    state = call.state
    channel = call.channel()
    _may_post(call, channel)
    user = state.user(call.required("user"))
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    content = {**message_content(call), **_thread(call, channel)}
    _has_content(content)
    refuse_files(content.get("blocks"))
    message = posting.ephemeral(state, channel, user.id, posting.bot_message(state, content))
    _record(call, "chat.postEphemeral", channel, message, user=user.id)
    return {"message_ts": message["ts"]}


async def get_permalink(call: Call) -> Json:
    """Return the address of a message."""
    state = call.state
    channel = call.channel()
    message = state.store.get(channel.id, call.required("message_ts"))
    link = f"https://{state.team.domain}.slack.com/archives/{channel.id}/p{message['ts'].replace('.', '')}"
    thread_ts = message.get("thread_ts", message["ts"])
    if thread_ts != message["ts"]:
        link += f"?thread_ts={thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _destination(call: Call) -> Channel:
    """Resolve the channel; a user's id means their direct messages with the app."""
    name = call.text("channel")
    if name in call.state.users and name != call.state.app.bot_user_id:
        return call.state.direct_message(name)
    return call.channel(by_name=True)


def _may_post(call: Call, channel: Channel) -> None:
    state = call.state
    if channel.is_archived:
        raise SlackError("is_archived")
    if state.app.bot_user_id in channel.members:
        return
    if channel.kind != "channel" or "chat:write.public" not in state.scopes:
        raise SlackError("not_in_channel")


def _has_content(content: Json) -> None:
    if not any(content.get(part) for part in ("text", "blocks", "attachments", "files")):
        raise SlackError("no_text")


def _thread(call: Call, channel: Channel) -> Json:
    """Resolve the thread of a message; a reply's ts means the thread that the reply is in.

    When the parent is deleted, Slack posts into the channel without an error (slack-go issue 1571).
    Raises invalid_thread_ts for an invalid timestamp.
    """
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        return {}
    if not _TS.fullmatch(thread_ts):
        reason = f"[ERROR] {thread_ts} is not a valid thread_ts"
        raise SlackError("invalid_thread_ts", extra={"response_metadata": {"messages": [reason]}})
    parent = call.state.store.find(channel.id, thread_ts)
    if parent is None:
        return {}
    found: Json = {"thread_ts": parent.get("thread_ts", thread_ts)}
    if call.flag("reply_broadcast"):
        found["subtype"] = "thread_broadcast"
    return found


def _author(call: Call) -> Json:
    """Return another name or picture, which needs chat:write.customize; without it Slack ignores them."""
    if "chat:write.customize" not in call.state.scopes or not call.text("username"):
        return {}
    return {"subtype": "bot_message", "username": call.text("username")}


def _own_message(call: Call, channel: Channel, refusal: str) -> Json:
    message = call.state.store.get(channel.id, call.required("ts"))
    if message.get("bot_id") != call.state.app.bot_id:
        raise SlackError(refusal)
    return message


def _record(call: Call, name: str, channel: Channel, message: Json, **more: str) -> None:
    kept = ("ts", "text", "blocks", "thread_ts", "metadata", "attachments")
    detail = {key: message.get(key) for key in kept}
    call.state.ledger.record("slack", name, channel=channel.id, **detail, **more)
    posting.record_pings(call.state, name, channel, message, parse_full=call.text("parse") == "full")


def _warnings(call: Call) -> Json:
    """Warn that blocks without a top-level text cannot be read out in a notification, as Slack does."""
    if call.text("text") or not call.arguments.get("blocks"):
        return {}
    return {
        "warning": "missing_text_in_message",
        "response_metadata": {"warnings": ["missing_text_in_message"]},
    }


METHODS = {
    "chat.postMessage": Method(post_message, ("chat:write",), rate_limits.SPECIAL),
    "chat.update": Method(update, ("chat:write",), 3),
    "chat.delete": Method(delete, ("chat:write",), 3),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",), 4),
    "chat.getPermalink": Method(get_permalink, (), rate_limits.SPECIAL),
}
