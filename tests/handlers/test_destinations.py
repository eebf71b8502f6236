"""Open and check the destinations that the settings configure, in the sandbox's world."""

from pathlib import Path

import pytest

from adapters.destinations.registry import DESTINATIONS
from adapters.destinations.registry import settings_of as destination_settings
from adapters.networks.registry import NETWORKS, settings_of
from adapters.settings import Settings, load_settings
from adapters.settings.errors import SettingsError
from adapters.slack.api_calls import web_client
from bot import SystemClock
from handlers.connections import check_destinations
from sandbox.world import World, running
from tests.adapters.slack.chats import chat_over

CHOICES = """
[slack]
announcements_channel = "#lobby"

[[outages.components]]
name = "Payments"
ids = { statuspage = "kz8dq1", cachet = "77" }
"""


def settings_in(folder: Path, environment: dict[str, str]) -> Settings:
    (folder / "switchboard.toml").write_text(CHOICES, encoding="utf-8")
    return load_settings(
        folder,
        environment,
        networks=settings_of(NETWORKS),
        destinations=destination_settings(DESTINATIONS),
    )


async def test_check_has_lines_for_every_destination(tmp_path: Path) -> None:
    world = World.create()
    async with running(world) as address:
        environment = world.environment(address)
        settings = settings_in(tmp_path, environment)
        client = web_client(environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"])
        lines = await check_destinations(settings, chat_over(client), SystemClock())
        told = {line.name: line for line in lines}
        assert [name for name, line in told.items() if line.ok] == [
            "Statuspage",
            "Statuspage components",
            "Cachet",
            "Chat page",
            "Feed",
            "Webhook",
        ]
        assert "Payments (77)" in told["Cachet components"].detail
        assert "Invite it" in told["Slack announcements"].detail
        wrong = settings_in(tmp_path, environment | {"STATUSPAGE_API_KEY": "hidden-7"})
        [line, *_] = await check_destinations(wrong, chat_over(client), SystemClock())
        assert (line.name, line.ok) == ("Statuspage", False)
        assert "STATUSPAGE_API_KEY" in line.detail
        assert "hidden-7" not in str(line)


@pytest.mark.parametrize("missing", ["STATUSPAGE_API_KEY", "CACHET_API_URL", "NOTICE_WEBHOOK_URL"])
async def test_what_is_set_in_part_is_told_by_name(tmp_path: Path, missing: str) -> None:
    world = World.create()
    async with running(world) as address:
        environment = world.environment(address)
    with pytest.raises(SettingsError, match=missing):
        settings_in(tmp_path, {name: one for name, one in environment.items() if name != missing})
