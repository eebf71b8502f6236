"""Create and follow issues at Linear."""

from adapters.trackers.entry import TrackerEntry, names_in
from adapters.trackers.linear.client import PROFILE, Linear
from adapters.trackers.linear.settings import LinearSettings
from domain.clock import Clock

__all__ = ["LINEAR", "Linear"]


def _build(settings: LinearSettings, clock: Clock) -> Linear:
    return Linear(
        api_url=settings.linear_api_url,
        api_key=settings.linear_api_key.get_secret_value(),
        teams=names_in(settings.linear_teams),
        clock=clock,
    )


LINEAR = TrackerEntry(profile=PROFILE, settings=LinearSettings, build=_build)
