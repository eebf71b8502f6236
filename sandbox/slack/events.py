"""Send subscribed events to the app, in the envelope of the Events API."""

import secrets
from typing import Any

from sandbox.slack.entities import Channel
from sandbox.slack.jsons import Json
from sandbox.slack.state import State


def send(state: State, subscription: str, event: Json) -> None:
    """Send an event in the background, if the app subscribed to its kind ("app_mention", "message.im", …)."""
    if subscription not in state.subscriptions:
        return
    state.delivery.send_event(
        {
            "token": state.app.verification_token,
            "team_id": state.team.id,
            "context_team_id": state.team.id,
            "context_enterprise_id": None,
            "api_app_id": state.app.id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(state.clock()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": state.team.id,
                    "user_id": state.app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": _is_shared(state, event),
            "event_context": f"4-{secrets.token_urlsafe(12)}",
        }
    )


def _is_shared(state: State, event: Json) -> bool:
    channel = state.channels.get(str(event.get("channel")))
    return channel is not None and channel.is_ext_shared


def message(state: State, channel: Channel, body: Json) -> None:
    """Send a message event: new, changed or deleted. Slack does so only where the bot is a member."""
    if state.app.bot_user_id not in channel.members:
        return
    kept = {key: value for key, value in body.items() if key != "metadata"}
    if body.get("files") and body.get("user") != state.app.bot_user_id:
        kept["subtype"] = "file_share"
    event = {**kept, "type": "message", "channel": channel.id, "channel_type": channel.kind}
    event.setdefault("event_ts", body.get("ts"))
    send(state, f"message.{channel.kind}{'' if channel.is_im else 's'}", event)


def app_mention(state: State, channel: Channel, body: Json) -> None:
    """Send app_mention; not in direct messages, where message.im reports the message already."""
    if channel.is_im or state.app.bot_user_id not in channel.members:
        return
    kept = ("user", "text", "ts", "thread_ts", "team", "blocks", "client_msg_id", "bot_id", "files", "upload")
    event = {key: body[key] for key in (*kept, "edited") if key in body}
    send(
        state, "app_mention", {"type": "app_mention", **event, "channel": channel.id, "event_ts": body["ts"]}
    )


def home_opened(state: State, user: str, view: Json | None) -> None:
    """Send app_home_opened; with the view only when one is already published."""
    event: dict[str, Any] = {
        "type": "app_home_opened",
        "user": user,
        "channel": state.direct_message(user).id,
        "event_ts": state.store.new_ts(),
        "tab": "home",
    }
    if view is not None:
        event["view"] = view
    send(state, "app_home_opened", event)


def member_joined(state: State, channel: Channel, user: str) -> None:
    """Send member_joined_channel."""
    event = {
        "type": "member_joined_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": state.team.id,
        "event_ts": state.store.new_ts(),
    }
    send(state, "member_joined_channel", event)
