"""Install an app from its manifest, within Slack's sizes.

The app gets exactly the scopes, events, commands and shortcuts that the manifest requests.
"""

from typing import Any

from sandbox.slack.block_kit.shapes import Shape, anything, choice, list_of, string
from sandbox.slack.entities import Command, Shortcut
from sandbox.slack.errors import invalid
from sandbox.slack.jsons import Json
from sandbox.slack.state import State

_COMMAND = Shape(
    {
        "command": string(32, 2),
        "description": string(2000, 1),
        "usage_hint": string(1000),
        "should_escape": anything,
        "url": string(3000),
    },
    ("command", "description"),
)
_SHORTCUT = Shape(
    {
        "name": string(24, 1),
        "type": choice("global", "message"),
        "callback_id": string(255, 1),
        "description": string(150, 1),
    },
    ("name", "type", "callback_id", "description"),
)
_MANIFEST = Shape(
    {
        "_metadata": anything,
        "display_information": Shape(
            {
                "name": string(35, 1),
                "description": string(140),
                "long_description": string(4000),
                "background_color": string(7),
            },
            ("name",),
        ),
        "features": Shape(
            {
                "app_home": anything,
                "bot_user": Shape(
                    {"display_name": string(80, 1), "always_online": anything}, ("display_name",)
                ),
                "shortcuts": list_of(_SHORTCUT, 0, 10),
                "slash_commands": list_of(_COMMAND, 0, 50),
            }
        ),
        "oauth_config": anything,
        "settings": anything,
    },
    ("display_information",),
)


def install(state: State, manifest: Json) -> None:
    """Replace the app's scopes, events, commands and shortcuts by its manifest's; raises invalid_manifest."""
    problems = list(_MANIFEST(manifest, ""))
    if problems:
        raise invalid("invalid_manifest", problems)
    state.scopes = set(_at(manifest, "oauth_config", "scopes", "bot") or [])
    state.subscriptions = set(_at(manifest, "settings", "event_subscriptions", "bot_events") or [])
    state.shortcuts = {
        one["callback_id"]: Shortcut(one["callback_id"], one["name"], is_of_messages=one["type"] == "message")
        for one in _at(manifest, "features", "shortcuts") or []
    }
    commands = _at(manifest, "features", "slash_commands") or []
    state.commands = {
        entry["command"]: Command(entry["command"], entry["description"], entry.get("usage_hint", ""))
        for entry in commands
    }


def _at(node: Any, *names: str) -> Any:  # noqa: ANN401 - unvalidated JSON
    for name in names:
        node = node.get(name) if isinstance(node, dict) else None
    return node
