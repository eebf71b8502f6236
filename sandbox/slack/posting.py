"""Create, update and delete messages: stored, recorded in the ledger, shown on screens, sent as events."""

from typing import Any

from sandbox.slack import events
from sandbox.slack.block_kit.walk import with_ids
from sandbox.slack.entities import Channel
from sandbox.slack.formatting import message_pings
from sandbox.slack.jsons import Json, copied
from sandbox.slack.state import State


def bot_message(state: State, content: Json) -> Json:
    """Build a message by the app from `content` (text, blocks, metadata, thread_ts …).

    Adds the author and a new ts.
    """
    app, team = state.app, state.team
    message: Json = {
        "type": "message",
        "user": app.bot_user_id,
        "bot_id": app.bot_id,
        "app_id": app.id,
        "team": team.id,
        "ts": state.store.new_ts(),
        "bot_profile": {
            "id": app.bot_id,
            "app_id": app.id,
            "name": app.name,
            "deleted": False,
            "team_id": team.id,
        },
    }
    message["bot_profile"]["user_id"] = app.bot_user_id
    return {**message, **content_of(content)}


def post(state: State, channel: Channel, message: Json) -> Json:
    """Post a message into a channel; returns its JSON."""
    state.store.add(channel.id, message)
    shown = copied(message)
    state.audience.publish(state.viewers(channel), "message", {"channel": channel.id, "message": shown})
    _publish_parent(state, channel, message)
    events.message(state, channel, shown)
    return shown


def update(state: State, channel: Channel, message: Json, content: Json, *, by_app: bool = True) -> Json:
    """Replace the content of a message; returns its new JSON."""
    before = copied(message)
    message.update(content_of(content) if by_app else content)
    message["edited"] = {"user": message["user"], "ts": state.store.new_ts()}
    shown = copied(message)
    state.audience.publish(
        state.viewers(channel), "message_changed", {"channel": channel.id, "message": shown}
    )
    change: Json = {
        "subtype": "message_changed",
        "hidden": True,
        "message": shown,
        "previous_message": before,
    }
    events.message(state, channel, {**change, "ts": message["edited"]["ts"]})
    return shown


def delete(state: State, channel: Channel, ts: str) -> None:
    """Delete a message; raises message_not_found."""
    before = copied(state.store.get(channel.id, ts))
    state.store.remove(channel.id, ts)
    state.audience.publish(state.viewers(channel), "message_deleted", {"channel": channel.id, "ts": ts})
    _publish_parent(state, channel, before)
    gone: Json = {"subtype": "message_deleted", "hidden": True, "deleted_ts": ts, "previous_message": before}
    events.message(state, channel, {**gone, "ts": state.store.new_ts()})


def ephemeral(state: State, channel: Channel, user: str, message: Json) -> Json:
    """Show a message to one person only; it can be replaced through a response URL but never updated."""
    shown = {**message, "is_ephemeral": True, "channel": channel.id, "ephemeral_to": user}
    state.store.ephemerals.append(shown)
    publish_ephemeral(state, user, shown)
    return shown


def publish_ephemeral(state: State, user: str, message: Json) -> None:
    """Publish an ephemeral message to the person's screens."""
    data: Json = {"channel": message["channel"], "message": copied(message)}
    if message.get("thread_ts"):
        data["thread_ts"] = message["thread_ts"]
    state.audience.publish([user], "ephemeral", data)


def record_pings(
    state: State, call: str, channel: Channel, message: Json, *, parse_full: bool = False
) -> None:
    """Record every live ping of an app's message in the ledger, so that tests can prove there was none."""
    for target, at in message_pings(message, parse_full=parse_full):
        state.ledger.record(
            "slack", "ping", target=target, at=at, by=call, channel=channel.id, ts=message["ts"]
        )


def content_of(content: Json) -> dict[str, Any]:
    """Return the content to store: fields that are not None, with an id in every block and element."""
    made = {key: copied(value) for key, value in content.items() if value is not None}
    if made.get("blocks"):
        made["blocks"] = with_ids(made["blocks"])
    return made


def _publish_parent(state: State, channel: Channel, reply: Json) -> None:
    """Publish the parent of a reply, whose reply count has changed."""
    parent_ts = reply.get("thread_ts")
    if not parent_ts or parent_ts == reply["ts"]:
        return
    parent = state.store.find(channel.id, parent_ts)
    if parent is not None:
        shown = {"channel": channel.id, "message": copied(parent)}
        state.audience.publish(state.viewers(channel), "message_changed", shown)
