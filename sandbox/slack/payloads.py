"""Build interaction payloads (docs.slack.dev, interaction payloads)."""

from sandbox.slack.entered import Values, state_values
from sandbox.slack.entities import Channel, Command
from sandbox.slack.jsons import Json, copied
from sandbox.slack.state import State
from sandbox.slack.views import View


def response_url(state: State, key: str) -> str:
    """Return the full address of a response URL."""
    return f"{state.address}/slack/response/{key}"


def view_json(view: View) -> Json:
    """Build a view with what the person has entered."""
    body = copied(view.body)
    body["state"] = {"values": copied(view.values)}
    return body


def _who(state: State, user: str) -> Json:
    person = state.user(user)
    return {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team_id}


def _base(state: State, kind: str, user: str) -> Json:
    return {
        "type": kind,
        "user": _who(state, user),
        "api_app_id": state.app.id,
        "token": state.app.verification_token,
        "team": {"id": state.team.id, "domain": state.team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_action(
    state: State, user: str, channel: Channel, message: Json, action: Json, entered: Values
) -> Json:
    """Build block_actions for an element of a message.

    An ephemeral message is not included, nor is any metadata.
    """
    is_ephemeral = bool(message.get("is_ephemeral"))
    container: Json = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.id,
        "is_ephemeral": is_ephemeral,
    }
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    key = state.triggers.new_response_url(user, channel.id, message_ts=message["ts"], ephemeral=is_ephemeral)
    payload = {
        **_base(state, "block_actions", user),
        "container": container,
        "trigger_id": state.triggers.new(user),
        "channel": {"id": channel.id, "name": channel.name or "directmessage"},
        "state": {"values": state_values(message.get("blocks", []), entered)},
        "response_url": response_url(state, key),
        "actions": [action],
    }
    if not is_ephemeral:
        payload["message"] = {key: value for key, value in copied(message).items() if key != "metadata"}
    return payload


def view_action(state: State, view: View, action: Json) -> Json:
    """Build block_actions for an element of a modal or a Home view."""
    return {
        **_base(state, "block_actions", view.user),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": state.triggers.new(view.user),
        "view": view_json(view),
        "actions": [action],
    }


def view_submission(state: State, view: View) -> Json:
    """Build view_submission."""
    return {
        **_base(state, "view_submission", view.user),
        "trigger_id": state.triggers.new(view.user),
        "view": view_json(view),
        "response_urls": [],
    }


def view_closed(state: State, view: View, *, is_cleared: bool) -> Json:
    """Build view_closed, which is sent for modals with notify_on_close."""
    return {**_base(state, "view_closed", view.user), "view": view_json(view), "is_cleared": is_cleared}


def shortcut(
    state: State, user: str, callback_id: str, channel: Channel | None = None, message: Json | None = None
) -> Json:
    """Build the payload of a global shortcut, or of one in the menu of a message."""
    payload = {
        **_base(state, "shortcut" if message is None else "message_action", user),
        "callback_id": callback_id,
        "trigger_id": state.triggers.new(user),
        "action_ts": state.store.new_ts(),
    }
    if channel is not None and message is not None:
        key = state.triggers.new_response_url(user, channel.id, message_ts=message["ts"])
        payload |= {
            "channel": {"id": channel.id, "name": channel.name or "directmessage"},
            "message_ts": message["ts"],
            "message": {key: value for key, value in copied(message).items() if key != "metadata"},
            "response_url": response_url(state, key),
        }
    return payload


def slash_command(state: State, user: str, channel: Channel, command: Command, text: str) -> Json:
    """Build the form fields of a slash command."""
    key = state.triggers.new_response_url(user, channel.id)
    return {
        "token": state.app.verification_token,
        "team_id": state.team.id,
        "team_domain": state.team.domain,
        "channel_id": channel.id,
        "channel_name": channel.name or "directmessage",
        "user_id": user,
        "user_name": state.user(user).name,
        "command": command.command,
        "text": text,
        "api_app_id": state.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url(state, key),
        "trigger_id": state.triggers.new(user),
    }
