"""Check the issue trackers that the settings name."""

from adapters.settings import Settings
from adapters.trackers.registry import connect_trackers
from domain.clock import Clock
from domain.diagnostics import CheckLine


async def check_trackers(settings: Settings, clock: Clock) -> list[CheckLine]:
    """Check the login and the projects of each configured issue tracker."""
    lines: list[CheckLine] = []
    for tracker in connect_trackers(settings.trackers, clock).values():
        lines += await tracker.client.probe()
        await tracker.client.close()
    return lines
