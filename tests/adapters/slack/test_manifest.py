"""Check the app manifest: valid for Slack, with the scopes and events that we use and no more."""

import json

import pytest

from adapters.slack.manifest import COMMAND, EVENTS, OUTAGE_COMMAND, SCOPES, manifest, manifest_text
from adapters.slack.outages.ids import OutageShortcut
from sandbox.slack import Workspace

REQUEST_URL = "https://desk.example/slack/events"


@pytest.mark.parametrize("socket_mode", [True, False])
def test_slacks_limits(socket_mode: bool) -> None:
    made = manifest(socket_mode=socket_mode, request_url=REQUEST_URL)
    about = made["display_information"]
    assert 0 < len(about["name"]) <= 35
    assert 0 < len(about["description"]) <= 140
    assert len(made["features"]["bot_user"]["display_name"]) <= 80
    commands = made["features"]["slash_commands"]
    assert len(commands) <= 50
    assert all(len(one["command"]) <= 32 and len(one["description"]) <= 2000 for one in commands)
    assert all(len(one["usage_hint"]) <= 1000 for one in commands)
    shortcuts = made["features"]["shortcuts"]
    assert len(shortcuts) <= 5
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in shortcuts)
    assert json.loads(manifest_text(socket_mode=socket_mode, request_url=REQUEST_URL)) == made


def test_socket_mode_needs_no_address() -> None:
    made = manifest(socket_mode=True)
    assert made["settings"]["socket_mode_enabled"] is True
    assert made["settings"]["interactivity"] == {"is_enabled": True}
    assert "request_url" not in json.dumps(made)
    assert not any("url" in one for one in made["features"]["slash_commands"])


def test_http_mode_names_the_address_everywhere() -> None:
    made = manifest(socket_mode=False, request_url=REQUEST_URL)
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == REQUEST_URL
    assert made["settings"]["interactivity"]["request_url"] == REQUEST_URL
    assert made["features"]["slash_commands"]
    assert {one.get("url") for one in made["features"]["slash_commands"]} == {REQUEST_URL}
    with pytest.raises(ValueError, match="PUBLIC_URL"):
        manifest(socket_mode=False)


def test_what_it_asks_for() -> None:
    made = manifest(socket_mode=True)
    assert made["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert made["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
    assert [one["command"] for one in made["features"]["slash_commands"]] == [COMMAND, OUTAGE_COMMAND]
    assert made["features"]["app_home"]["home_tab_enabled"] is True


def test_it_can_be_installed(workspace: Workspace) -> None:
    workspace.install(manifest(socket_mode=False, request_url=REQUEST_URL))
    assert workspace.scopes == set(SCOPES)
    assert set(workspace.commands) == {COMMAND, OUTAGE_COMMAND}
    assert set(workspace.shortcuts) == set(OutageShortcut)
