"""`check` tells of each destination of notices whether it would take one."""

from pathlib import Path

from bot import check
from domain.diagnostics import CheckLine
from sandbox.world import World, running

CHOICES = """
[slack]
announcements_channel = "#lobby"

[[outages.components]]
name = "Payments"
ids = { statuspage = "kz8dq1", cachet = "77" }
"""


async def lines(folder: Path, environment: dict[str, str]) -> dict[str, CheckLine]:
    """Run `check` with these variables, and return its lines by name."""
    text = "\n".join(f"{name}='{value}'" for name, value in environment.items())
    (folder / ".env").write_text(text, encoding="utf-8")
    (folder / "switchboard.toml").write_text(CHOICES, encoding="utf-8")
    return {line.name: line for line in await check(folder)}


async def test_check_has_lines_for_every_destination(tmp_path: Path) -> None:
    world = World.create()
    async with running(world) as address:
        environment = world.environment(address)
        environment["DATABASE_URL"] = f"sqlite:///{tmp_path / 'desk.db'}"
        told = await lines(tmp_path, environment)
        for name in ("Statuspage", "Statuspage components", "Cachet", "Chat page", "Feed", "Webhook"):
            assert told[name].ok is True, told[name]
        assert "Payments (77)" in told["Cachet components"].detail
        assert "Invite it" in told["Slack announcements"].detail
        told = await lines(tmp_path, environment | {"STATUSPAGE_API_KEY": "hidden-7"})
        assert told["Statuspage"].ok is False
        assert "STATUSPAGE_API_KEY" in told["Statuspage"].detail
        assert "hidden-7" not in str(told)
        del environment["CACHET_API_KEY"]
        told = await lines(tmp_path, environment)
        assert told["CACHET_API_KEY"].detail.startswith("is missing")
