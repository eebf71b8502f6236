"""An app has exactly what its manifest requests."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import SlackError, Workspace

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Switchboard", "description": "d" * 140},
    "features": {"slash_commands": [{"command": "/desk", "description": "Work", "usage_hint": "[next]"}]},
    "oauth_config": {"scopes": {"bot": ["users:read", "commands"]}},
    "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}},
}


async def test_installing_grants_exactly_what_is_asked_for(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    workspace.install(MANIFEST)

    assert list(workspace.commands) == ["/desk"]
    assert workspace.subscriptions == {"app_mention"}
    assert (await client.users_info(user="U0SAM"))["ok"]
    with pytest.raises(SlackApiError, match="missing_scope"):
        await client.chat_postMessage(channel="C0SUPPORT", text="x")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            {"display_information": {"name": "x" * 36}},
            "less than 36 characters [json-pointer:/display_information/name]",
        ),
        (
            {"display_information": {"name": "x", "description": "x" * 141}},
            "less than 141 characters [json-pointer:/display_information/description]",
        ),
        (
            {"features": {"slash_commands": [{"command": "/x", "description": "x"}] * 51}},
            "no more than 50 items allowed [json-pointer:/features/slash_commands]",
        ),
        ({"surprise": 1}, "invalid additional property: surprise"),
    ],
)
def test_a_manifest_that_slack_refuses(workspace: Workspace, change: dict[str, Any], problem: str) -> None:
    with pytest.raises(SlackError, match="invalid_manifest") as caught:
        workspace.install({**MANIFEST, **change})
    assert any(problem in line for line in caught.value.extra["errors"])
