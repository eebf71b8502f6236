"""List the issue trackers. Each is a folder beside this file that exports one `TrackerEntry`."""

from collections.abc import Mapping

from adapters.trackers.entry import TrackerEntry, TrackerSettings
from adapters.trackers.github import GITHUB
from adapters.trackers.jira import JIRA
from adapters.trackers.linear import LINEAR
from domain.clock import Clock
from domain.trackers.trackers import ConnectedTracker, Trackers

TRACKERS: Mapping[str, TrackerEntry] = {entry.name: entry for entry in (LINEAR, JIRA, GITHUB)}


def settings_of() -> dict[str, type[TrackerSettings]]:
    """Return each tracker's settings class by name, as `adapters.settings` loads them."""
    return {name: entry.settings for name, entry in TRACKERS.items()}


def connect_trackers(settings: Mapping[str, object], clock: Clock) -> Trackers:
    """Make the clients of the configured trackers. Makes no call."""
    return Trackers(
        [
            ConnectedTracker(profile=entry.profile, client=entry.build(settings[name], clock))
            for name, entry in TRACKERS.items()
            if name in settings
        ]
    )
