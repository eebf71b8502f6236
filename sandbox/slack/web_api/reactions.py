"""reactions.add, reactions.remove and pins.add."""

import re

from sandbox.slack.entities import Channel
from sandbox.slack.errors import SlackError
from sandbox.slack.jsons import Json, copied
from sandbox.slack.web_api.call import Call, Method

_EMOJI = re.compile(r"[\w+'-]+(::skin-tone-[2-6])?")


async def add(call: Call) -> Json:
    """Add the bot's reaction to a message."""
    channel, message, name = _target(call)
    bot = call.state.app.bot_user_id
    reactions: list[Json] = message.setdefault("reactions", [])
    found = next((reaction for reaction in reactions if reaction["name"] == name), None)
    if found and bot in found["users"]:
        raise SlackError("already_reacted")
    if found:
        found["users"].append(bot)
        found["count"] += 1
    else:
        reactions.append({"name": name, "users": [bot], "count": 1})
    _changed(call, "reactions.add", channel, message, name)
    return {}


async def remove(call: Call) -> Json:
    """Remove the bot's reaction."""
    channel, message, name = _target(call)
    bot = call.state.app.bot_user_id
    reactions: list[Json] = message.get("reactions", [])
    found = next((r for r in reactions if r["name"] == name and bot in r["users"]), None)
    if found is None:
        raise SlackError("no_reaction")
    found["users"].remove(bot)
    found["count"] -= 1
    if not found["count"]:
        reactions.remove(found)
    if not reactions:
        del message["reactions"]
    _changed(call, "reactions.remove", channel, message, name)
    return {}


async def pin(call: Call) -> Json:
    """Pin a message to its channel."""
    channel = call.channel()
    message = call.state.store.get(channel.id, call.required("timestamp"))
    pinned: list[str] = message.setdefault("pinned_to", [])
    if channel.id in pinned:
        raise SlackError("already_pinned")
    pinned.append(channel.id)
    _changed(call, "pins.add", channel, message, "")
    return {}


def _target(call: Call) -> tuple[Channel, Json, str]:
    name = call.required("name").strip(":")
    if not _EMOJI.fullmatch(name):
        raise SlackError("invalid_name")
    channel = call.channel()
    if call.state.app.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel, call.state.store.get(channel.id, call.required("timestamp")), name


def _changed(call: Call, method: str, channel: Channel, message: Json, name: str) -> None:
    state = call.state
    state.ledger.record("slack", method, channel=channel.id, ts=message["ts"], name=name)
    shown: Json = {"channel": channel.id, "message": copied(message)}
    state.audience.publish(state.viewers(channel), "message_changed", shown)


METHODS = {
    "reactions.add": Method(add, ("reactions:write",), 3),
    "reactions.remove": Method(remove, ("reactions:write",), 2),
    "pins.add": Method(pin, ("pins:write",), 2),
}
