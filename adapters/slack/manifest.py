"""Build the manifest from which a user creates the Slack app (docs.slack.dev, app manifests)."""

import json
from collections.abc import Mapping
from typing import Any

from adapters.slack.outages.ids import OutageShortcut

COMMAND = "/mentions"
OUTAGE_COMMAND = "/outage"
EVENTS_PATH = "/slack/events"

#: Each scope and its purpose; `bot.py check` compares them with the token's scopes.
SCOPES = {
    "app_mentions:read": "hear when somebody writes the bot's name",
    "channels:history": "look whether a card was posted when Slack did not say, and which card a thread is of",
    "channels:read": "find channels by name, and see who is in them",
    "chat:write": "post cards",
    "chat:write.public": "post cards in a public channel that nobody has invited the bot to",
    "commands": "the slash commands and shortcuts",
    "files:read": "send a customer the file that an agent attached",
    "files:write": "show a customer's file in the case's thread",
    "groups:history": "the same as channels:history in private channels",
    "groups:read": "the same as channels:read in private channels",
    "im:history": "look whether a direct message was posted when Slack did not say",
    "im:write": "tell a person that their case was taken over",
    "reactions:write": "mark what reached the customer",
    "pins:write": "pin the board of an outage",
    "usergroups:read": "see who is in the group that may act",
    "users:read": "read a person's name and time zone",
}
#: Of messages, those that were changed or deleted are looked at: an agent's line may have gone out.
EVENTS = ("app_home_opened", "app_mention", "message.channels", "message.groups")

_NAME = "Switchboard"
_ABOUT = "Public mentions of the brand arrive here as cards, with a suggested reply. Claim, answer, done."
_COMMAND_ABOUT = "Work the queue of public mentions"
_COMMAND_HINT = "next | mine | find <words> | summary [7d] | topics | outlook | replies [words] | help"
_OUTAGE_ABOUT = "Tell everyone what is broken, once"
_REPORT_ABOUT = "Tell everyone what is broken; on a card, with what the customer wrote"
_OUTAGE_HINT = "list | maintenance | pause | resume | timeline [number] | help"


def manifest(*, socket_mode: bool, request_url: str | None = None) -> dict[str, Any]:
    """Build the manifest. `request_url` is the HTTP mode's request URL, ending in `EVENTS_PATH`.

    Raises `ValueError` if it is missing in HTTP mode.
    """
    if not socket_mode and request_url is None:
        raise ValueError("HTTP mode needs the address that Slack is to call (PUBLIC_URL)")
    address = {} if socket_mode else {"request_url": request_url}
    commands = [
        {"command": name, "description": about, "usage_hint": hint, "should_escape": False, **_url(address)}
        for name, about, hint in (
            (COMMAND, _COMMAND_ABOUT, _COMMAND_HINT),
            (OUTAGE_COMMAND, _OUTAGE_ABOUT, _OUTAGE_HINT),
        )
    ]
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {"name": _NAME, "description": _ABOUT, "background_color": "#1d3557"},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": _NAME, "always_online": True},
            "slash_commands": commands,
            "shortcuts": [
                {
                    "name": "Open an outage…",
                    "type": "global",
                    "callback_id": str(OutageShortcut.OPEN),
                    "description": _OUTAGE_ABOUT,
                },
                {
                    "name": "Open an outage…",
                    "type": "message",
                    "callback_id": str(OutageShortcut.REPORT),
                    "description": _REPORT_ABOUT,
                },
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**address, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }


def _url(address: Mapping[str, str | None]) -> dict[str, str]:
    """Return what a command says of where it is sent: the request URL in HTTP mode."""
    return {"url": str(url)} if (url := address.get("request_url")) else {}


def manifest_text(*, socket_mode: bool, request_url: str | None = None) -> str:
    """Return the manifest as JSON to paste.

    Slack's page takes it in both of its tabs, JSON and YAML, because JSON is YAML too.
    """
    return json.dumps(
        manifest(socket_mode=socket_mode, request_url=request_url), indent=2, ensure_ascii=False
    )
