"""Refuse Slack's tokens of another kind, each by its name."""

from pathlib import Path

import pytest

from adapters.settings import SettingsError, load_settings
from tests.adapters.settings.test_settings import COMPLETE, KINDS


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-77", "is a user's token (xoxp-…); the bot token (xoxb-…) belongs here"),
        ("SLACK_BOT_TOKEN", "xapp-77", "is an app-level token (xapp-…); the bot token (xoxb-…) belongs here"),
        ("SLACK_APP_TOKEN", "xoxb-77", "is a bot token (xoxb-…); the app-level token (xapp-…) belongs here"),
        (
            "SLACK_APP_TOKEN",
            "xoxp-77",
            "is a user's token (xoxp-…); the app-level token (xapp-…) belongs here",
        ),
    ],
)
def test_a_token_of_another_kind_is_named(tmp_path: Path, name: str, value: str, told: str) -> None:
    """Slack shows several tokens on its pages."""
    with pytest.raises(SettingsError) as refused:
        load_settings(tmp_path, {**COMPLETE, name: value}, networks=KINDS)
    assert f"{name} {told}" in str(refused.value)
    assert value not in str(refused.value)
