"""Check the configured issue trackers, in the sandbox's world."""

from pathlib import Path

from adapters.settings import load_settings
from bot import SystemClock
from handlers.terminal.setting_kinds import setting_kinds
from handlers.terminal.trackers import check_trackers
from sandbox.world import World, running


async def test_check_tries_each_login_and_project(tmp_path: Path) -> None:
    world = World.create()
    async with running(world) as address:
        environment = world.environment(address)
        settings = load_settings(tmp_path, environment, **setting_kinds())
        lines = await check_trackers(settings, SystemClock())
        assert [(line.name, line.ok) for line in lines] == [
            ("Linear ENG", True),
            ("Linear WEB", True),
            ("Jira SUP", True),
            ("Jira WEB", True),
            ("GitHub acme/app", True),
            ("GitHub acme/website", True),
        ]
        wrong = load_settings(tmp_path, environment | {"GITHUB_ISSUES_TOKEN": "hidden-7"}, **setting_kinds())
        *_, line, _last = await check_trackers(wrong, SystemClock())
        assert line.ok is False
        assert "GITHUB_ISSUES_TOKEN" in line.detail
        assert "hidden-7" not in str(line)
